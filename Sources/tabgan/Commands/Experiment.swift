// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tabular
import TabularEvaluation
import TabularGAN

struct Experiment: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure quality as a function of training-set size.",
    discussion: """
      Trains on nested random subsets of a table, each size once from scratch and once from the \
      weights of the previous size (except for the first size), evaluates every model on rows that \
      none has seen, and writes figures (SVG) and one page that contains them:
        results/index.html       the page: figures, all numbers, the plan
        results/figures/*.svg    the figures
        results/runs/<size>-<scratch|warm>/
                                 model/, history.csv, training.json, quality.json

      The same command resumes an interrupted experiment: finished runs are not repeated. A folder \
      belongs to one plan.

      Examples:
        tabgan experiment trips.csv.gz --sizes 1000,4000,16000 -o results/
        tabgan experiment trips.csv.gz --preset poster --epochs 30 -o results/poster
        tabgan experiment trips.csv.gz --minutes 0.5 --holdout more.csv -o results/
        tabgan experiment people.csv --sizes 500,2000 --target income -o results/
      """)

  @OptionGroup var input: TableArgument

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder of the results; created if missing.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("Numbers of rows to train on, with commas.", valueName: "N,N,..."))
  var sizes = SizeList([1000, 4000, 16000, 65000])

  @Option(
    help: ArgumentHelp(
      "Real rows to evaluate against; by default a random fifth of the table that no run trains on.",
      valueName: "file"))
  var holdout: String?

  @Option(
    help: ArgumentHelp(
      "The column to predict for ML utility (TSTR); by default the time between the first two datetimes.",
      valueName: "column"))
  var target: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Rows to generate from each model for the evaluation.", valueName: "N"))
  var generate = 10_000

  @OptionGroup(title: "Table") var reading: ReadingOptions
  @OptionGroup(title: "Table") var cleaning: CleaningOption
  @OptionGroup(title: "Training (of each run)") var training: TrainingOptions
  @OptionGroup var seed: SeedOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var progress: ProgressOption

  func validate() throws {
    if generate < 1 { throw ValidationError("--generate must be at least 1, not \(generate)") }
    try input.validate(query: reading.query)
    try InputFile.checkStandardInput(input.files + [holdout])
  }

  func run() throws {
    if let schema = reading.schema { try InputFile.check(schema) }
    let configuration = try training.configuration()
    let table = try TableLocation(input.files, hasQuery: reading.query != nil)
    let held = try holdout.map { try TableLocation([$0], hasQuery: reading.query != nil) }
    let plan = ExperimentPlan(
      file: try .init(table), holdout: try held.map { try .init($0) },
      schema: try reading.schema.map { try .init($0) }, reading: reading.arguments,
      cleaning: cleaning.clean, sizes: sizes.sizes,
      preset: training.preset,
      batchSize: training.batchSize, epochs: training.epochs,
      minutes: training.minutes, precision: training.precision, settings: training.settings,
      seed: seed.seed, generated: generate, target: target)
    let data = try ExperimentData(
      plan: plan, table: table, holdout: held, reading: reading, threads: threads.count)
    try StandardOutput.show(data.text)
    NoteText.write(data.notes)
    try checkTarget(data)
    let folder = try ExperimentFolder(output, plan: plan)
    defer { folder.close() }
    try ExperimentRunner.endsAtOnce(folder.path)
    let context = try threads.context()
    let display = progress.display
    let results = try ExperimentRunner(
      plan: plan, configuration: configuration, data: data, folder: folder, context: context,
      display: display
    ).results()
    display.clear()
    let page = try ExperimentPage(
      plan: plan, data: data, results: results, folder: folder, context: context)
    try page.write()
    try StandardOutput.show(page.text)
  }

  /// Throws for an unknown target before hours are spent on training; prints a note if there is no
  /// target.
  private func checkTarget(_ data: ExperimentData) throws {
    let targets = MLUtilityTargets(
      train: data.subset(data.largest), threads: threads.count)
    if let target, !targets.names.contains(target) {
      throw EvaluationError.unknownTarget(target, available: targets.names)
    }
    if target == nil, targets.standard == nil {
      StandardError.write(
        "note: utility is not measured: there are no two times whose difference could be predicted; "
          + "name a column with --target\n")
    }
  }
}
