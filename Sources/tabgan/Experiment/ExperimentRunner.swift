// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore
import Tabular
import TabularEvaluation
import TabularGAN

/// What one run of an experiment came to.
struct RunResult {
  var run: ExperimentRun
  var training: TrainingSummary
  var quality: QualityReport
}

/// Goes through the plan of an experiment and leaves out what is finished.
struct ExperimentRunner {
  let plan: ExperimentPlan
  let configuration: SynthesizerConfiguration
  let data: ExperimentData
  let folder: ExperimentFolder
  let context: ComputeContext
  let display: ProgressDisplay

  /// The results of all runs, in the order of the plan.
  func results() throws -> [RunResult] {
    var clock = PlanClock(plan)
    var results: [RunResult] = []
    for (i, run) in plan.runs.enumerated() {
      let label = "run \(i + 1)/\(plan.runs.count) \(run.name)"
      let (training, wasTrained) = try trained(run, label: label, clock: clock)
      clock.noteTraining(run, seconds: training.last.seconds)
      let (quality, seconds) = try evaluated(run, label: label)
      if let seconds { clock.noteEvaluation(seconds: seconds) }
      let did = wasTrained ? "trained" : seconds == nil ? "was finished" : "was trained"
      display.note(
        "\(label): \(did), \(NumberText.duration(training.last.seconds)) of training, mean shape"
          + " error \(NumberText.significant(quality.shape.synthetic.mean)) %")
      results.append(RunResult(run: run, training: training, quality: quality))
    }
    return results
  }

  /// Finished runs are kept, so a signal may end the process at any time.
  static func endsAtOnce(_ folder: String) throws(CommandFailure) {
    try Interruption.exitOnSignal(
      message: "\(folder) keeps the runs that are finished",
      hint: "run the same command to continue")
  }

  /// Trains unless the model exists already.
  private func trained(
    _ run: ExperimentRun, label: String, clock: PlanClock
  ) throws -> (TrainingSummary, Bool) {
    if let found: TrainingSummary = read(folder.training(run)) { return (found, false) }
    var training = TrainingRun(
      table: data.subset(run.size), schema: data.schema, configuration: configuration,
      budget: TrainingBudget(epochs: plan.epochs, minutes: plan.minutes), seed: plan.seed)
    if let predecessor = plan.predecessor(of: run) {
      training.warmStart = try TabularSynthesizer.load(
        from: folder.model(predecessor), in: context)
    }
    let epochs =
      plan.epochs ?? (plan.minutes == nil ? configuration.defaultEpochs(rows: run.size) : nil)
    var progress = TrainingProgress(display, epochs: epochs, prefix: label + " | ")
    let files = TrainingFiles(folder: folder.model(run), history: folder.history(run))
    training.checkpoint = try files.readCheckpoint()
    var phases = TrainingPhases()
    var summary = try training.run(
      into: files, in: context, phases: &phases, note: { display.note($0) },
      announce: { _ in },
      stage: { stage in display.show(isStage: true) { "\(label) | \(stage)" } },
      progress: { metrics in
        progress.update(
          metrics,
          planLeft: clock.secondsLeft(
            current: run, share: metrics.progress, seconds: metrics.seconds))
      })
    phases.begin(nil)
    summary.phases = phases
    try Self.endsAtOnce(folder.path)
    try AtomicTextFile.write(
      try JSONText.of(summary), to: folder.training(run), followsLinks: false)
    return (summary, true)
  }

  /// Evaluates unless there is a report already; the seconds it took, nil where it stood.
  private func evaluated(
    _ run: ExperimentRun, label: String
  ) throws -> (QualityReport, seconds: Double?) {
    if let found: QualityReport = read(folder.quality(run)) { return (found, nil) }
    let start = ContinuousClock.now
    display.show(isStage: true) { "\(label) | generating" }
    let model = try TabularSynthesizer.load(from: folder.model(run), in: context)
    let synthetic = try model.sample(rows: 0..<plan.generated, seed: plan.seed, in: context)
    var options = EvaluationOptions()
    options.seed = plan.seed
    options.target = plan.target
    options.threads = context.threads
    let report = try QualityReport.evaluate(
      train: data.subset(run.size), holdout: data.holdout, synthetic: synthetic,
      domains: Domains.all, options: options
    ) { step in
      display.show(isStage: true) { "\(label) | evaluating | \(step.stage)" }
    }
    try AtomicTextFile.write(try JSONText.of(report), to: folder.quality(run), followsLinks: false)
    return (report, (ContinuousClock.now - start) / .seconds(1))
  }

  private func read<Value: Decodable>(_ path: String) -> Value? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(Value.self, from: data)
  }
}
