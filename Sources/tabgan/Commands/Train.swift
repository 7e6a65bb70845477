import ArgumentParser
import Tabular
import TabularGAN

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn a table and write a model folder.",
    discussion: """
      Reads the table, infers its schema, leaves out rows by --clean and --rows, and trains a \
      generator against a discriminator. The folder gets the weights (*.safetensors), model.json, \
      schema.json and history.csv with one line a step:
        step,epoch,rows,seconds,d_loss,g_loss,d_real,d_fake
      where d_real and d_fake are the mean probabilities (0 to 1) of being real that the \
      discriminator gives to real and to generated rows.

      The same seed and --epochs give the same model, bit for bit, for any number of threads.

      Examples:
        tabgan train trips.csv.gz -o model/
        tabgan train trips.csv.gz -o model/ --minutes 5 --progress plain
        tabgan train trips.csv.gz -o model/ --preset ctgan --rows 10000 --epochs 50
      """)

  @Argument(help: ArgumentHelp("The table: .csv or .csv.gz with a header.", valueName: "file"))
  var file: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The model folder; made where it is missing. A model in it is replaced.", valueName: "folder")
  )
  var output: String

  @OptionGroup(title: "Table") var input: TableOptions
  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup var seed: SeedOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var progress: ProgressOption
  @OptionGroup var json: JSONFlag

  func run() throws {
    let configuration = try training.configuration()
    let display = progress.display
    let source = try input.read(file, seed: seed.seed)
    if !json.json { try StandardOutput.write(source.text) }
    let context = try threads.context()
    let folder = try ModelFolder(preparing: output)
    defer { folder.discardIfEmpty() }

    var line = TrainingProgress(display, epochs: training.plannedEpochs(configuration))
    let run = TrainingRun(
      table: source.table, schema: source.schema, configuration: configuration,
      budget: training.budget, seed: seed.seed)
    let summary = try run.run(
      into: folder.path, historyPath: folder.history, in: context
    ) { line.update($0) }
    display.clear()
    try StandardOutput.write(
      json.json ? try JSONText.of(summary) : summary.text(folder: folder.path))
  }
}
