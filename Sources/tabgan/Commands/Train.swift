// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tabular
import TabularGAN

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a generator on a table.",
    discussion: """
      Reads the table, infers its schema, selects rows by --clean and --rows, and trains a generator \
      against a discriminator. The folder contains the weights (*.safetensors), model.json, \
      schema.json and history.csv with one line per step:
        step,epoch,rows,seconds,d_loss,g_loss,d_real,d_generated
      where d_real and d_generated are the mean probabilities (0 to 1) of being real that the \
      discriminator assigns to real and to generated rows.

      A few rows are held out from training (--monitoring-rows). At the end, generated rows are compared \
      with them and with the training rows, and a note warns if the model copies rows: use fewer \
      epochs (--epochs) or more rows. Training stops early if the discriminator overfits, which the \
      held-out rows show (--set overfittingLimit=null disables it).

      --minutes limits only the steps. Reading, encoding, the density ratio, raking and the check \
      for copies take additional time; the summary lists the duration of each.

      The same seed and --epochs give the same model, bit for bit, for any number of threads, and \
      also if the run was interrupted and resumed: SIGINT (Ctrl-C), SIGTERM and every \
      --checkpoint-minutes save its state in the folder, until the model is complete.

      Examples:
        tabgan train trips.csv.gz -o model/
        tabgan train trips.csv.gz -o model/ --minutes 5 --progress plain
        tabgan train trips.csv.gz -o model/ --minutes 60 --resume
        tabgan train trips.csv.gz -o model/ --preset ctgan --rows 10000 --epochs 50
        tabgan train trips.csv.gz -o model/ --monitoring-rows 0
        tabgan train 'trips-2016-*.parquet' -o model/ \\
          --query 'select * from input where distance between 0.1 and 50'
      """)

  @OptionGroup var table: TableArgument

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The model folder; created if missing. A model in it is replaced.", valueName: "folder")
  )
  var output: String

  @OptionGroup(title: "Table") var input: TableOptions
  @OptionGroup(title: "Table") var monitoringOption: MonitoringOption
  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Interruptions") var checkpoints: CheckpointOptions
  @OptionGroup var seed: SeedOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var progress: ProgressOption
  @OptionGroup var json: JSONFlag

  func validate() throws { try table.validate(query: input.reading.query) }

  func run() throws {
    let configuration = try training.configuration()
    let display = progress.display
    var phases = TrainingPhases()
    phases.begin(.reading)
    let location = try TableLocation(table.files, hasQuery: input.reading.query != nil)
    let folder = try ModelFolder(preparing: output)
    defer { folder.close() }
    try folder.check(inputs: location.files + [input.reading.schema].compactMap(\.self))
    let checkpoint = try folder.files.readCheckpoint()
    if !checkpoints.resume, let last = checkpoint?.metrics {
      throw CommandFailure(
        .cannotCreate,
        "\(folder.path): a run was interrupted here after step \(NumberText.grouped(last.step))",
        hint: "continue with --resume, or start over: rm \(folder.files.checkpoint)")
    }
    try Interruption.exitOnSignal(
      message: "no model was written to \(folder.path)",
      hint: checkpoint.map {
        "step \($0.metrics.step) is saved there: run the same command with --resume"
      })
    display.show(isStage: true) { "reading \(location.name)" }
    var (source, monitoring) = try input.read(
      location, monitoring: monitoringOption.monitoringRows, seed: seed.seed, threads: threads.count
    )
    display.clear()
    if !json.json {
      try StandardOutput.show(source.text)
      if checkpoints.resume {
        try StandardOutput.show(Self.resumption(checkpoint, folder: folder.path))
      }
    }
    NoteText.write(source.notes)
    let context = try threads.context()
    var line = TrainingProgress(
      display, epochs: training.plannedEpochs(configuration, rows: source.table.rowCount))
    let check = ModelCheck(training: source.table, monitoring: monitoring, seed: seed.seed)
    var run = TrainingRun(
      table: source.table.take(), schema: source.schema, configuration: configuration,
      budget: training.budget, seed: seed.seed, checkpoint: checkpoint,
      checkpointMinutes: checkpoints.checkpointMinutes,
      monitoring: monitoring.rowCount > 0 ? monitoring : nil)
    var summary = try run.run(
      into: folder.files, in: context, phases: &phases,
      note: {
        display.clear()
        StandardError.show("note: \($0)")
      }, announce: { display.note($0) }, stage: { stage in display.show(isStage: true) { stage } },
      preparation: { state in display.show { TrainingProgress.text(of: state) } },
      progress: { line.update($0) })
    summary.notes = source.notes
    phases.begin(.checking)
    display.note("the model is written; next: the memorization check")
    try check.add(to: &summary, of: folder.path, in: context)
    phases.begin(nil)
    summary.phases = phases
    display.clear()
    for warning in [summary.collapse?.warning, summary.memorization?.warning].compactMap(\.self) {
      StandardError.show("note: \(warning)")
    }
    if json.json {
      try StandardOutput.write(try JSONText.of(summary))
    } else {
      try StandardOutput.show(summary.text(folder: folder.path))
    }
  }

  private static func resumption(_ checkpoint: TrainingCheckpoint?, folder: String) -> String {
    guard let last = checkpoint?.metrics else {
      return "nothing to resume in \(VisibleText.line(folder)): starting over\n"
    }
    return "resuming after step \(NumberText.grouped(last.step)), "
      + "\(NumberText.seconds(last.seconds)) into the run\n"
  }
}
