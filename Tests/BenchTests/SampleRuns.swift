// SPDX-License-Identifier: Apache-2.0

import CKernels
import Foundation

@testable import bench

/// Runs made up for tests.
enum SampleRuns {
  static func operation(
    _ shape: String, instructionSet: String = "avx2", threads: Int = 1, samples: [Double],
    shareOfLimit: Double = 0.5, error: Double = 1e-7
  ) -> OperationResult {
    let summary = SampleSummary(samples)
    return OperationResult(
      operation: "dense_forward_f32", shape: shape, instructionSet: instructionSet,
      threads: threads, samples: summary.samples, medianSeconds: summary.medianSeconds,
      minimumSeconds: summary.minimumSeconds, spread: summary.spread,
      floatingPointOperations: 2e6, bytes: 1e6, arithmeticIntensity: 2, bound: .arithmetic,
      shareOfLimit: shareOfLimit, limit: "avx2", error: error, errorBound: 1e-6,
      errorUnit: "sum of |terms|")
  }

  /// A forward pass by our two entries and by a library in two ways, which wins packed and loses
  /// plain.
  static let peers = ComparisonReport<DenseCell>(
    peers: [.init(name: "blas", version: "1", kernels: "avx2")], runtime: "libomp",
    disturbedSamples: 0,
    lines: [
      .init(
        cell: DenseCell(operation: .forward, shape: "a"), threads: 1,
        floatingPointOperations: 1e6,
        sides: [
          side("ours packed", isOurs: true, isPacked: true, 1.0),
          side("ours plain", isOurs: true, isPacked: false, 1.5),
          side("blas", isOurs: false, isPacked: false, 1.2),
          side("blas packed", isOurs: false, isPacked: true, 0.8),
        ])
    ])

  private static func side(
    _ name: String, isOurs: Bool, isPacked: Bool, _ seconds: Double
  ) -> ComparisonReport<DenseCell>.Side {
    .init(name, isOurs: isOurs, isPacked: isPacked, SampleSummary([seconds]), distance: 0.1)
  }

  /// A report of one step on one thread, ours and each framework's.
  static func training(_ seconds: Double, peers: [Double]) -> ComparisonReport<StepCell> {
    func side(
      _ name: String, isOurs: Bool, _ seconds: Double
    ) -> ComparisonReport<StepCell>.Side {
      .init(name, isOurs: isOurs, SampleSummary([seconds]), distance: 0.1)
    }
    let names = peers.indices.map { "peer\($0)" }
    let cell = StepCell(objective: .crossEntropy, hidden: 256, batch: 500)
    return ComparisonReport(
      peers: names.map { .init(name: $0, version: "2") }, disturbedSamples: 0,
      lines: [
        .init(
          cell: cell, threads: 1, floatingPointOperations: cell.floatingPointOperations,
          sides: [side("ours", isOurs: true, seconds)]
            + zip(names, peers).map { side($0, isOurs: false, $1) })
      ])
  }

  static func machine(
    processor: String = "AMD EPYC", features: [String] = ["avx2", "fma"], cpus: Int = 2,
    level2: Int = 1 << 19
  ) -> Machine {
    Machine(
      processor: processor, architecture: "x86_64", operatingSystem: "Linux",
      logicalProcessors: cpus, memoryBytes: 1 << 33, features: features,
      caches: [
        .init(level: 1, kind: "Data", bytes: 1 << 15, sharedBy: "0"),
        .init(level: 1, kind: "Instruction", bytes: 1 << 16, sharedBy: "0"),
        .init(level: 2, kind: "Unified", bytes: level2, sharedBy: "0"),
        .init(level: 3, kind: "Unified", bytes: 1 << 25, sharedBy: "0-1"),
      ], isVirtual: true)
  }

  /// A run whose arithmetic limit ran one sample of `limitSeconds`.
  static func run(
    _ operations: [OperationResult], limitSeconds: Double = 1e-3,
    peers: ComparisonReport<DenseCell>? = nil, training: ComparisonReport<StepCell>? = nil,
    machine: Machine = .current()
  ) throws -> BenchResult {
    let limit = MeasuredLimit(
      ArithmeticProbe(instructionSet: CK_ISA_AVX2, threads: 1), SampleSummary([limitSeconds]))
    return BenchResult(
      date: Date(timeIntervalSince1970: 1_700_000_000), machine: machine,
      build: .init(openMP: 201811, team: 2, instructionSets: ["portable", "avx2"]),
      settings: .init(
        rounds: 5, sampleSeconds: 0.002, elapsedSeconds: 1.5, filter: nil, full: false,
        loadAverageAtStart: 0.5, loadAverageAtEnd: nil),
      limits: [limit],
      latencies: [MeasuredLatency("region", threads: 2, SampleSummary([1e-6, 2e-6]))],
      operations: operations, peers: peers, training: training)
  }

  /// Calls `body` with the path of a folder that is deleted afterwards.
  static func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = NSTemporaryDirectory() + "bench-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }
}
