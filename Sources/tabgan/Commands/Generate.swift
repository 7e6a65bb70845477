import ArgumentParser
import NumericCore
import TabularGAN

struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make rows from a model folder.",
    discussion: """
      Streams rows with the columns, order, formats and precision of the table that was learned. \
      Memory does not grow with the number of rows. Row i depends on the model, the seed and i \
      alone, so the first 1000 of a million rows are those that -n 1000 makes.

      The file stands under its name only once it is complete; interrupted or killed, what stood \
      there before still does. A name that ends in .gz is compressed.

      Examples:
        tabgan generate model/ -n 100000 -o synthetic.csv
        tabgan generate model/ -n 10000000 -o synthetic.csv.gz --seed 7
        tabgan generate model/ -n 5 -o -
      """)

  @Argument(help: ArgumentHelp("The folder that `tabgan train` wrote.", valueName: "model"))
  var model: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Generated rows among which each row is chosen by a density ratio: more are nearer to the real \
      table and take longer. By default the model's own number; 1 for no choice.
      """, valueName: "K"))
  var candidates: Int?

  @OptionGroup var output: RowOutputOptions
  @OptionGroup var seed: SeedOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var progress: ProgressOption
  @OptionGroup var json: JSONFlag

  func run() throws {
    try OutputFile.check(output.output)
    let context = try threads.context()
    var synthesizer = try TabularSynthesizer.load(from: model, in: context)
    if let candidates { synthesizer = try synthesizer.choosing(among: candidates) }
    let stream = RowStream(
      options: output, display: progress.display, threads: context.threads)
    let summary = try stream.write(schema: synthesizer.schema, chunk: 8192) { writer, rows in
      try writer.write(synthesizer.sample(rows: rows, seed: seed.seed, in: context))
    }
    try summary.report(asJSON: json.json)
  }
}
