import NumericCore
import Tabular
import TabularGAN

/// One training run with what the command line adds to it: a history on disk, progress, Ctrl-C.
struct TrainingRun {
  var table: Table
  var schema: Schema
  var configuration: SynthesizerConfiguration
  var budget: TrainingBudget
  var seed: UInt64
  var warmStart: TabularSynthesizer?

  /// Trains and writes the history to `historyPath` and the model to `folder`, the model last.
  ///
  /// - Parameter progress: is told of every step.
  func run(
    into folder: String, historyPath: String, in context: ComputeContext,
    progress: (TrainingMetrics) -> Void
  ) throws -> TrainingSummary {
    let interruption = Interruption()
    let history = try HistoryFile(historyPath)
    var reason = ""
    let model = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration, budget: budget, seed: seed,
      warmStart: warmStart, in: context
    ) { event in
      try interruption.check("no model was written to \(folder)")
      switch event {
      case .started, .epoch: break
      case .step(let metrics):
        try history.append(metrics)
        progress(metrics)
      case .finished(_, let why): reason = why
      }
      return .proceed
    }
    try history.finish()
    try model.save(to: folder)
    return TrainingSummary(
      outline: model.outline, last: model.training, preset: configuration.preset, seed: seed,
      reason: reason)
  }
}

/// What a training run came to, as `--json` prints it and a study keeps it.
struct TrainingSummary: Codable {
  var outline: TrainingOutline
  /// The last step.
  var last: TrainingMetrics
  var preset: SynthesizerConfiguration.Preset
  var seed: UInt64
  /// Why it ended.
  var reason: String

  var rowsPerSecond: Double { last.seconds > 0 ? Double(last.rowsSeen) / last.seconds : 0 }

  /// What `train` says at its end.
  func text(folder: String) -> String {
    """
    \(NumberText.counted(last.step, "step")) in \(NumberText.seconds(last.seconds)), \
    epoch \(NumberText.grouped(last.epoch)) over \(NumberText.counted(outline.rows, "row")) \
    (\(NumberText.grouped(Int(rowsPerSecond))) rows/s): \(reason)
    last step: loss D \(NumberText.metric(last.discriminatorLoss)), \
    G \(NumberText.metric(last.generatorLoss)); D(real) \(NumberText.metric(last.probabilityReal)), \
    D(fake) \(NumberText.metric(last.probabilityFake))
    the model: \(folder)

    """
  }
}
