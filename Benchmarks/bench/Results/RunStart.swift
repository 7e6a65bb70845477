// SPDX-License-Identifier: Apache-2.0

import CKernels
import Foundation

/// What a run notes before it measures: the time, and how busy the machine is.
struct RunStart {
  let date = Date()
  let loadAverage = Machine.loadAverage()

  /// The result of a run that ends now, still without what it measured beside the limits.
  func result(
    instructionSets: [ck_isa] = BenchContext.availableInstructionSets, rounds: Int,
    sampleSeconds: Double, filter: String?, full: Bool, limits: [MeasuredLimit]
  ) throws -> BenchResult {
    BenchResult(
      date: date, machine: .current(), build: try .current(instructionSets),
      settings: .init(
        rounds: rounds, sampleSeconds: sampleSeconds,
        elapsedSeconds: Date().timeIntervalSince(date), filter: filter, full: full,
        loadAverageAtStart: loadAverage, loadAverageAtEnd: Machine.loadAverage()),
      limits: limits)
  }

  /// The same of a run that compared with peers, on the strongest instruction set.
  func result(
    _ outcome: ComparisonOutcome<some ComparedCell>, filter: String?, full: Bool
  ) throws -> BenchResult {
    try result(
      rounds: outcome.rounds, sampleSeconds: outcome.sampleSeconds, filter: filter, full: full,
      limits: outcome.limits)
  }
}

extension BenchResult.Build {
  /// This build of the kernels, on all processors.
  static func current(
    _ instructionSets: [ck_isa] = BenchContext.availableInstructionSets
  ) throws -> Self {
    let strongest = instructionSets.last ?? CK_ISA_PORTABLE
    let information = try BenchContext(instructionSet: strongest, threads: 0).information
    return Self(
      openMP: information.openmp, team: Int(information.team),
      instructionSets: instructionSets.map(\.name))
  }
}
