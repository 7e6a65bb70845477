import CKernels
import Foundation
import NumericCore

/// Measures the training step on every side in turn, one cell after the other.
struct TrainingRun {
  let cells: [TrainingCell]
  let threads: Int
  let peers: [StepPeer]
  /// Seconds for the samples of everything.
  let seconds: Double

  struct Outcome {
    let report: TrainingReport
    let limits: [MeasuredLimit]
    let rounds: Int
    let sampleSeconds: Double
  }

  func execute(progress: (String) -> Void) throws -> Outcome {
    let set = KernelContext.availableInstructionSets.last ?? CK_ISA_PORTABLE
    let probe = ArithmeticProbe(instructionSet: set, threads: threads)
    let context = try ComputeContext(threads: threads)
    let rest = ProcessRest()
    let sampler = InterleavedSampler(
      sampleSeconds: 0.1, budgetSeconds: seconds / Double(cells.count), minimalRounds: 5)
    var probeSamples: [Double] = []
    var lines: [TrainingReport.Line] = []
    var rounds: [Int] = []
    for (index, cell) in cells.enumerated() {
      let title = "cell \(index + 1)/\(cells.count): \(cell.label)"
      progress("\(title), preparing")
      let problem = try TrainingProblem(cell, in: context)
      let distances = try StepAgreement.distances(of: peers, from: problem, in: context)
      let own = OwnStepWorkload(
        step: try OwnTrainingStep(problem, in: context), rest: rest, label: "ours \(cell.label)")
      let workloads: [any Workload] =
        [RestedWorkload(probe: probe, threads: threads, rest: rest), own]
        + peers.map { PeerStepWorkload(peer: $0, cell: cell) }
      let samples = try sampler.measure(workloads) { finished, share in
        progress("\(title), round \(finished), " + Format.percent(share))
      }
      probeSamples += samples[0]
      rounds.append(samples[0].count)
      let sides = zip(["ours"] + peers.map(\.name), zip(samples.dropFirst(), [0] + distances))
        .map { name, measured in side(name, SampleSummary(measured.0), distance: measured.1) }
      lines.append(
        TrainingReport.Line(
          cell: cell, floatingPointOperations: cell.floatingPointOperations, ours: sides[0],
          peers: Array(sides.dropFirst())))
    }
    return Outcome(
      report: TrainingReport(
        threads: threads, frameworks: peers.map { .init(name: $0.name, version: $0.version) },
        lines: lines, disturbedSamples: rest.disturbed),
      limits: [MeasuredLimit(probe, SampleSummary(probeSamples))], rounds: rounds.min() ?? 0,
      sampleSeconds: sampler.sampleSeconds)
  }

  private func side(
    _ name: String, _ summary: SampleSummary, distance: Double
  ) -> TrainingReport.Side {
    TrainingReport.Side(
      name: name, samples: summary.samples, medianSeconds: summary.medianSeconds,
      minimumSeconds: summary.minimumSeconds, spread: summary.spread,
      distance: distance.roundedToSignificant)
  }
}
