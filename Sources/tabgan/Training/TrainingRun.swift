// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore
import Tabular
import TabularGAN
import TabularEncoding

/// One training run with what the command line adds to it: a history on disk, checkpoints,
/// progress, Ctrl-C.
struct TrainingRun {
  var table: Table
  var schema: Schema
  var configuration: SynthesizerConfiguration
  var budget: TrainingBudget
  var seed: UInt64
  var warmStart: TabularSynthesizer?
  /// Where to continue.
  var checkpoint: TrainingCheckpoint?
  var checkpointMinutes = 5.0
  /// Rows that are not learned, to detect memorization.
  var monitoring: Table?

  /// Trains and writes the history and the model to their places, the model last. The table is
  /// given up.
  ///
  /// - Parameters:
  ///   - phases: records the durations; the caller must end the last phase.
  ///   - note: called with notes for the user.
  ///   - announce: called when a long phase other than the steps begins.
  ///   - stage: called with its progress.
  ///   - preparation: called with the progress of the work before the first step.
  ///   - progress: called after every step.
  mutating func run(
    into files: TrainingFiles, in context: ComputeContext, phases: inout TrainingPhases,
    note: (String) -> Void, announce: (String) -> Void, stage: (String) -> Void,
    preparation: (FittingProgress) -> Void = { _ in },
    progress: (TrainingMetrics) -> Void
  ) throws -> TrainingSummary {
    // A closed standard error is not a reason to stop.
    signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, SIG_DFL) }
    let incomplete = "no model was written to \(files.folder)"
    var keptStep = checkpoint?.metrics.step
    func resumeHint() -> String? {
      keptStep.map { "step \($0) is saved there: run the same command with --resume" }
    }
    try Interruption.exitOnSignal(message: incomplete, hint: resumeHint())
    try files.prepare()
    defer { files.discardHistoryWithoutCheckpoint() }
    var history: HistoryFile?
    var lastCheckpoint = checkpoint?.metrics.seconds ?? 0
    var reason = ""
    var ratio: DensityRatioResult?
    var skippedSteps: [String: Int] = [:]
    phases.begin(.encoding)
    stage("looking for relations, encoding the columns")
    let model = try TabularSynthesizer.train(
      on: table.take(), schema: schema, configuration: configuration, budget: budget, seed: seed,
      warmStart: warmStart, resumingFrom: checkpoint, monitoring: monitoring, in: context
    ) { event in
      switch event {
      case .preparing(let state):
        try Interruption.check(incomplete, hint: resumeHint())
        preparation(state)
      case .started:
        phases.begin(.steps)
        Interruption.deferSignals()
        history = try HistoryFile(files, after: keptStep, note: note)
        if keptStep == nil { Interruption.removing(files.checkpointHistory) }
        Interruption.recordSignal(message: incomplete, hint: resumeHint())
        try Interruption.check(incomplete, hint: resumeHint())
      case .epoch: break
      case .overflow(let notice):
        skippedSteps[notice.network.rawValue] = notice.skippedSteps
        if notice.fallsBack { note(Self.fallBack(notice)) }
      case .step(let metrics):
        try history?.append(metrics)
        progress(metrics)
        let isDue = metrics.seconds - lastCheckpoint >= 60 * checkpointMinutes
        // What follows the last step takes a while, too.
        let isLast = metrics.progress >= 1 && configuration.resampling != nil
        if isDue || isLast || Interruption.isRequested { return .checkpoint }
      case .checkpoint(let state):
        Interruption.deferSignals()
        try history?.synchronize()
        try state.write(to: files.checkpoint)
        Interruption.keeping(files.checkpointHistory)
        lastCheckpoint = state.metrics.seconds
        keptStep = state.metrics.step
        Interruption.recordSignal(message: incomplete, hint: resumeHint())
        try Interruption.check(incomplete, hint: resumeHint())
      case .finished(let last, let why):
        reason = why
        guard configuration.resampling != nil else { break }
        try Interruption.exitOnSignal(message: incomplete, hint: resumeHint())
        phases.begin(.densityRatio)
        announce(
          "\(NumberText.pluralized(last.step, "step")) in \(NumberText.seconds(last.seconds)): \(why); "
            + "next: the density ratio for resampling, then raking of the marginals")
        stage("learning the density ratio")
      case .resampling(let share):
        stage("learning the density ratio | \(Self.share(share, after: phases.elapsed))")
      case .raking(let share):
        phases.beginOnce(.raking)
        stage("raking: fitting the table's marginals | \(Self.share(share, after: phases.elapsed))")
      case .resamplingFinished(let result): ratio = result
      }
      return .proceed
    }
    phases.begin(.saving)
    stage("writing the model")
    Interruption.deferSignals()
    try history?.finish()
    try model.save(to: files.folder)
    try Self.readBack(files, in: context)
    files.discardCheckpoint()
    try Interruption.exitOnSignal(message: "the model was written to \(files.folder)")
    return TrainingSummary(
      outline: model.outline, last: model.training, preset: configuration.preset, seed: seed,
      reason: reason, skippedSteps: skippedSteps.isEmpty ? nil : skippedSteps,
      densityRatio: ratio)
  }

  /// Reads the model as `generate` does, before reporting success.
  private static func readBack(_ files: TrainingFiles, in context: ComputeContext) throws {
    do {
      _ = try TabularSynthesizer.load(from: files.folder, in: context)
    } catch let error as ModelError {
      let failure = CommandFailure(error)
      throw CommandFailure(
        .internalError, "the model was written, but it cannot be read: \(failure.message)",
        hint: "check the disk, and run the same command with --resume if there is a checkpoint; "
          + "if it happens again, please report it")
    }
  }

  /// A completed share with the estimated remaining time.
  private static func share(_ share: Double, after seconds: Double) -> String {
    let left = share > 0 && share < 1 ? seconds * (1 - share) / share : 0
    return "\(Int(share * 100)) %" + (left > 0 ? " | \(NumberText.duration(left)) left" : "")
  }

  private static func fallBack(_ notice: OverflowNotice) -> String {
    "the \(notice.network.rawValue) continues in float32: float16 overflow "
      + "in \(NumberText.pluralized(notice.skippedSteps, "step"))"
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
  /// In half precision the steps of each network that were skipped, where there were any.
  var skippedSteps: [String: Int]?
  /// What learning to choose among candidates came to.
  var densityRatio: DensityRatioResult?
  /// Whether the model copies rows, where that was asked for.
  var memorization: MemorizationResult?
  /// Notes on how the table was interpreted, if requested.
  var notes: [SchemaNote]?
  /// The signs of failed training, if they were checked and found.
  var collapse: CollapseResult?
  /// The duration of each phase in seconds.
  var phases: TrainingPhases?

  var rowsPerSecond: Double { last.seconds > 0 ? Double(last.rowsSeen) / last.seconds : 0 }

  private var skippedText: String {
    guard let skippedSteps else { return "" }
    let parts = skippedSteps.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return "\nsteps skipped because numbers left the range of float16: "
      + parts.joined(separator: ", ")
  }

  private var memorizationText: String { memorization.map { "\n" + $0.text } ?? "" }
  private var phasesText: String { phases.map { "\n" + $0.text } ?? "" }

  /// What `train` says at its end.
  func text(folder: String) -> String {
    """
    \(NumberText.pluralized(last.step, "step")) in \(NumberText.seconds(last.seconds)), \
    epoch \(NumberText.grouped(last.epoch)) over \(NumberText.pluralized(outline.rows, "row")) \
    (\(NumberText.grouped(Int(rowsPerSecond))) rows/s): \(reason)
    last step: loss D \(NumberText.metric(last.discriminatorLoss)), \
    G \(NumberText.metric(last.generatorLoss)); D(real) \(NumberText.metric(last.probabilityReal)), \
    D(generated) \(NumberText.metric(last.probabilityGenerated))\(skippedText)\(memorizationText)\(phasesText)
    the model: \(VisibleText.line(folder))

    """
  }
}
