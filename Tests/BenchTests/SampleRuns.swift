import CKernels
import Foundation

@testable import bench

/// Runs made up for tests.
enum SampleRuns {
  static func operation(
    _ shape: String, threads: Int = 1, samples: [Double], error: Double = 1e-7
  ) -> OperationResult {
    let summary = SampleSummary(samples)
    return OperationResult(
      operation: "dense_forward_f32", shape: shape, instructionSet: "avx2", threads: threads,
      samples: summary.samples, medianSeconds: summary.medianSeconds,
      minimumSeconds: summary.minimumSeconds, spread: summary.spread,
      floatingPointOperations: 2e6, bytes: 1e6, arithmeticIntensity: 2, bound: .arithmetic,
      shareOfLimit: 0.5, limit: "avx2", error: error, errorBound: 1e-6,
      errorUnit: "sum of |terms|")
  }

  static func side(_ name: String, _ seconds: Double, packed: Bool) -> PeerReport.Side {
    PeerReport.Side(
      name: name, isOurs: name.hasPrefix("ours"), isPacked: packed, samples: 5,
      medianSeconds: seconds, minimumSeconds: seconds, spread: 0.01, distance: 0.1)
  }

  /// A report of one step on one thread, ours and PyTorch's, which takes twice as long.
  static func training(_ seconds: Double) -> TrainingReport {
    func side(_ name: String, _ seconds: Double) -> TrainingReport.Side {
      TrainingReport.Side(
        name: name, samples: 5, medianSeconds: seconds, minimumSeconds: seconds, spread: 0,
        distance: 0.1)
    }
    let cell = TrainingCell(objective: .crossEntropy, hidden: 256, batch: 500)
    return TrainingReport(
      threads: 1, frameworks: [.init(name: "torch-eager", version: "2")],
      lines: [
        TrainingReport.Line(
          cell: cell, floatingPointOperations: cell.floatingPointOperations,
          ours: side("ours", seconds), peers: [side("torch-eager", 2 * seconds)])
      ], disturbedSamples: 0)
  }

  /// A run whose arithmetic limit ran one sample of `limitSeconds`.
  static func run(
    _ operations: [OperationResult], limitSeconds: Double = 1e-3, peers: PeerReport? = nil,
    training: TrainingReport? = nil
  ) throws -> BenchResult {
    let limit = MeasuredLimit(
      ArithmeticProbe(instructionSet: CK_ISA_AVX2, threads: 1), SampleSummary([limitSeconds]))
    return BenchResult(
      date: Date(timeIntervalSince1970: 1_700_000_000), machine: .current(),
      build: .init(openMP: 201811, team: 2, instructionSets: ["portable", "avx2"]),
      settings: .init(
        rounds: 5, sampleSeconds: 0.002, elapsedSeconds: 1.5, filter: nil, full: false,
        loadAverageAtStart: 0.5, loadAverageAtEnd: nil),
      limits: [limit],
      latencies: [MeasuredLatency("region", threads: 2, SampleSummary([1e-6, 2e-6]))],
      operations: operations, peers: peers, training: training)
  }
}
