// SPDX-License-Identifier: Apache-2.0

import CKernels
import Foundation
import NumericCore

/// Measures the training step on every side in turn, one cell after the other.
struct StepRun {
  let cells: [StepCell]
  let threads: Int
  let peers: [StepPeer]
  /// Seconds for the samples of everything.
  let seconds: Double

  func execute(progress: (String) -> Void) throws -> ComparisonOutcome<StepCell> {
    let set = BenchContext.availableInstructionSets.last ?? CK_ISA_PORTABLE
    let probe = ArithmeticProbe(instructionSet: set, threads: threads)
    let context = try ComputeContext(threads: threads)
    let rest = IdleWait()
    let sampler = InterleavedSampler(
      sampleSeconds: 0.1, budgetSeconds: seconds / Double(cells.count), minRounds: 5)
    var probeSamples: [Double] = []
    var lines: [ComparisonReport<StepCell>.Line] = []
    var rounds: [Int] = []
    for (index, cell) in cells.enumerated() {
      let title = "cell \(index + 1)/\(cells.count): \(cell.label)"
      progress("\(title), preparing")
      let problem = try StepProblem(cell, in: context)
      let distances = try StepAgreement.distances(of: peers, from: problem, in: context)
      let own = OwnStepWorkload(
        step: try OwnStep(problem, in: context), rest: rest, label: "ours \(cell.label)")
      let workloads: [any Workload] =
        [IdleWorkload(probe: probe, threads: threads, rest: rest), own]
        + peers.map { PeerStepWorkload(peer: $0, cell: cell) }
      let samples = try sampler.measure(workloads) { finished, share in
        progress("\(title), round \(finished), " + Format.percent(share))
      }
      probeSamples += samples[0]
      rounds.append(samples[0].count)
      let summaries = samples.dropFirst().map { SampleSummary($0) }
      let theirs = zip(peers, zip(summaries.dropFirst(), distances)).map { peer, measured in
        ComparisonReport<StepCell>.Side(
          peer.name, isOurs: false, measured.0, distance: measured.1)
      }
      lines.append(
        .init(
          cell: cell, threads: threads, floatingPointOperations: cell.floatingPointOperations,
          sides: [.init("ours", isOurs: true, summaries[0], distance: 0)] + theirs))
    }
    return ComparisonOutcome(
      report: ComparisonReport(
        peers: peers.map { .init(name: $0.name, version: $0.version) },
        disturbedSamples: rest.disturbed, lines: lines),
      limits: [MeasuredLimit(probe, SampleSummary(probeSamples))], rounds: rounds.min() ?? 0,
      sampleSeconds: sampler.sampleSeconds)
  }
}
