// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NumericCore
import TabularGAN
import Tabular

struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate rows with a trained model.",
    discussion: """
      Streams rows with the columns, order, formats and precision of the real table. Memory does not \
      grow with the number of rows. Row i depends only on the model, the seed and i, so the first \
      1000 of a million rows are those of -n 1000.

      The file appears under its name only once it is complete; if the command is interrupted or \
      killed, an existing file is unchanged. A name that ends in .gz is compressed.

      With --where, rows are drawn from the model until enough of them meet all conditions: the \
      first ones that do, in the order of the rows without conditions. If too few do, the command \
      ends with status 69, reports how many of the drawn rows did, and writes no file.

      Examples:
        tabgan generate model/ -n 100000 -o synthetic.csv
        tabgan generate model/ -n 10000000 -o synthetic.csv.gz --seed 7
        tabgan generate model/ -n 100000 -o synthetic.parquet
        tabgan generate model/ -n 5 -o -
        tabgan generate model/ -n 1000 --where 'payment_type = 2' \\
          --where 'start_hour >= 17' -o evening.csv
        tabgan generate model/ -n 1000 -o march.csv \\
          --where 'start_time between 2016-03-01 and 2016-03-07' \\
          --where 'start_time.weekday in (Sat, Sun)' --where 'tip is not missing'
      """)

  @Argument(help: ArgumentHelp("The folder that `tabgan train` wrote.", valueName: "model"))
  var model: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      At most this many candidates are made for a row until one is accepted by its density ratio; \
      most rows take fewer. By default the model's own number; with a small one fidelity \
      suffers, and 1 disables the selection.
      """, valueName: "K"))
  var candidates: Int?

  @OptionGroup var output: RowOutputOptions
  @OptionGroup(title: "Conditions") var conditions: ConditionOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      With --where: the maximum number of draws. By default 10,000 per row of -n, at least 1,000,000 \
      and at most 100,000,000.
      """, valueName: "N"))
  var maxDraws: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The key of the first row, if ids are running numbers. By default the number after the \
      greatest one in the table.
      """, valueName: "N"))
  var firstId: Int?

  @OptionGroup var seed: SeedOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var progress: ProgressOption
  @OptionGroup var json: JSONFlag

  func validate() throws {
    let possible = ResamplingConfiguration.possibleCandidates
    if let candidates, !possible.contains(candidates) {
      throw ValidationError(
        "--candidates must lie between \(possible.lowerBound) and \(possible.upperBound), "
          + "not \(candidates)")
    }
    if let firstId, !(0...1 << 53).contains(firstId) {
      throw ValidationError("--first-id must be from 0 to \(1 << 53), not \(firstId)")
    }
    guard let maxDraws else { return }
    if conditions.conditions.isEmpty { throw ValidationError("--max-draws needs --where") }
    if maxDraws < output.rows {
      throw ValidationError("--max-draws must be at least -n (\(output.rows)), not \(maxDraws)")
    }
    if maxDraws > Self.maxDraws {
      throw ValidationError(
        "--max-draws must be at most \(NumberText.grouped(Self.maxDraws)), not \(maxDraws)")
    }
  }

  private static let maxDraws = 100_000_000_000_000

  func run() throws {
    try OutputFile.check(output.output, model: model)
    let context = try threads.context()
    var synthesizer = try TabularSynthesizer.load(from: model, in: context)
    if let candidates { synthesizer = try synthesizer.choosing(among: candidates) }
    if let firstId { synthesizer = try synthesizer.startingKeys(at: firstId) }
    let conditions = try conditions.conditions(on: synthesizer.schema)
    let stream = RowStream(
      options: output, display: progress.display, threads: context.threads)
    let summary =
      if conditions.isEmpty {
        try stream.write(schema: synthesizer.schema, chunk: 8192) { writer, rows in
          try writer.write(synthesizer.sample(rows: rows, seed: seed.seed, in: context))
        }
      } else {
        try stream.write(schema: synthesizer.schema) { append in
          try synthesizer.sample(
            output.rows, where: conditions, seed: seed.seed, maxDraws: maxDraws, in: context,
            onRows: append)
        }
      }
    try summary.report(asJSON: json.json)
  }
}
