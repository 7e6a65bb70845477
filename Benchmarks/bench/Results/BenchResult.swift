// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Everything that one run of the bench measured.
struct BenchResult: Codable, Equatable {
  struct Build: Codable, Equatable {
    /// The OpenMP version (yyyymm) that the kernels were compiled with; 0 without OpenMP.
    let openMP: Int32
    /// The threads that a parallel region got when all processors were asked for.
    let team: Int
    let instructionSets: [String]
  }

  struct Settings: Codable, Equatable {
    let rounds: Int
    let sampleSeconds: Double
    let elapsedSeconds: Double
    let filter: String?
    let full: Bool
    let loadAverageAtStart: Double?
    let loadAverageAtEnd: Double?
  }

  let date: Date
  var machine: Machine
  let build: Build
  let settings: Settings
  let limits: [MeasuredLimit]
  /// What starting and ending a parallel region costs.
  var latencies: [MeasuredLatency] = []
  /// Empty in a run of `bench peers` or `bench train`.
  var operations: [OperationResult] = []
  /// Empty where they were not measured.
  var stressCases: [MeasuredStressCase] = []
  /// Ours beside other libraries, in a run of `bench peers`.
  var peers: ComparisonReport<DenseCell>?
  /// The training step beside other frameworks', in a run of `bench train`.
  var training: ComparisonReport<StepCell>?

  /// What a run measured.
  enum Kind { case kernels, peers, training }

  var kind: Kind { peers != nil ? .peers : training != nil ? .training : .kernels }

  /// The limit of arithmetic on an instruction set and a number of threads.
  func arithmeticLimit(_ instructionSet: String, threads: Int) -> MeasuredLimit? {
    limits.first {
      $0.kind == .arithmetic && $0.name == instructionSet && $0.threads == threads
    }
  }
}
