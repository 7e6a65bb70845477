// SPDX-License-Identifier: Apache-2.0

import CKernels
import Foundation

/// Measures ours and the peers in turn, one shape after the other.
struct PeerRun {
  let shapes: [DenseShape]
  let operations: [DenseProblem.Operation]
  let threads: [Int]
  let libraries: [PeerLibrary]
  let team: PeerThreads
  /// Seconds for everything.
  let seconds: Double

  private struct Entry {
    let operation: DenseProblem.Operation
    let threads: Int
    let workload: PeerWorkload
    let distance: Double
  }

  func execute(progress: (String) -> Void) throws -> ComparisonOutcome<DenseCell> {
    let set = BenchContext.availableInstructionSets.last ?? CK_ISA_PORTABLE
    let contexts = try threads.map { try BenchContext(instructionSet: set, threads: $0) }
    let probes = threads.map { ArithmeticProbe(instructionSet: set, threads: $0) }
    let rest = IdleWait()
    var probeSamples = [[Double]](repeating: [], count: probes.count)
    var lines: [ComparisonReport<DenseCell>.Line] = []
    var rounds: [Int] = []
    let sampler = InterleavedSampler(
      sampleSeconds: 0.004, budgetSeconds: seconds / Double(shapes.count), minRounds: 5)
    for (index, shape) in shapes.enumerated() {
      progress("shape \(index + 1)/\(shapes.count): \(shape.label)")
      let problem = DenseProblem(shape)
      let entries = try zip(threads, contexts).flatMap { count, context in
        try operations.flatMap { try self.entries(problem, $0, context, count, rest) }
      }
      let workloads: [any Workload] =
        probes.map { IdleWorkload(probe: $0, threads: $0.threads, rest: rest) }
        + entries.map(\.workload)
      let samples = try sampler.measure(workloads) { finished, share in
        progress(
          "shape \(index + 1)/\(shapes.count): \(shape.label), round \(finished), "
            + Format.percent(share))
      }
      for probe in probes.indices { probeSamples[probe] += samples[probe] }
      rounds.append(samples.first?.count ?? 0)
      let measured = zip(entries, samples.dropFirst(probes.count).map { SampleSummary($0) })
      lines += self.lines(Array(measured), problem)
    }
    return ComparisonOutcome(
      report: ComparisonReport(
        peers: libraries.map {
          .init(name: $0.name, version: $0.version, kernels: $0.kernels())
        },
        runtime: team.runtime, disturbedSamples: rest.disturbed, lines: lines),
      limits: zip(probes, probeSamples).map { MeasuredLimit($0, SampleSummary($1)) },
      rounds: rounds.min() ?? 0, sampleSeconds: sampler.sampleSeconds)
  }

  /// All sides of an operation, each of which has been found to agree with our first.
  private func entries(
    _ problem: DenseProblem, _ operation: DenseProblem.Operation, _ context: BenchContext,
    _ threads: Int, _ rest: IdleWait
  ) throws -> [Entry] {
    let ours = try PeerSide.ours(problem, operation, context)
    let peers = try libraries.flatMap { library in
      try PeerSide.peer(library, problem, operation, threads: threads, team: team)
    }
    try ours[0].call()
    let agreement = DenseAgreement(problem, operation)
    return try (ours + peers).map { side in
      agreement.clear()
      side.prepare()
      try side.call()
      let distance = agreement.distance()
      guard distance < 1 else {
        throw PeerFailure(
          peer: side.name,
          text: "\(operation.rawValue) \(problem.shape.label) on \(threads) threads differs from "
            + "ours by \(Format.significant(distance)) times what rounding allows")
      }
      return Entry(
        operation: operation, threads: threads,
        workload: PeerWorkload(
          side, label: "\(side.name) \(operation.rawValue) \(problem.shape.label)",
          threads: threads, rest: rest), distance: distance)
    }
  }

  private func lines(
    _ measured: [(Entry, SampleSummary)], _ problem: DenseProblem
  ) -> [ComparisonReport<DenseCell>.Line] {
    operations.flatMap { operation in
      threads.map { count in
        let sides = measured.filter { $0.0.operation == operation && $0.0.threads == count }
        return ComparisonReport.Line(
          cell: DenseCell(operation: operation, shape: problem.shape.label), threads: count,
          floatingPointOperations: problem.floatingPointOperations,
          sides: sides.map { entry, summary in
            let side = entry.workload.side
            return ComparisonReport.Side(
              side.name, isOurs: side.isOurs, isPacked: side.isPacked, summary,
              distance: entry.distance)
          })
      }
    }
  }
}
