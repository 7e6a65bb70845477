// SPDX-License-Identifier: Apache-2.0

import CBenchProbes
import CKernels

/// An empty call of the kernels' team: what a call pays before any work is done.
struct RegionProbe: Workload {
  let context: BenchContext
  /// Whether the team stands by, as within a training step, or is gathered for the call.
  let isPersistent: Bool

  var name: String { isPersistent ? "standing team" : "region" }
  var label: String { "\(name) latency, threads \(context.threads)" }

  /// Asking a context what its team is lets each member come by and do nothing.
  func seconds(iterations: Int) throws -> Double {
    guard !isPersistent else { return try context.withTeam { try timed(iterations) } }
    return try timed(iterations)
  }

  private func timed(_ iterations: Int) throws -> Double {
    let start = probe_nanoseconds()
    for _ in 0..<iterations { _ = try context.information }
    return Double(probe_nanoseconds() - start) * 1e-9
  }
}

/// A barrier of threads that do nothing else, by spinning on one counter: the least that a team can
/// take to come together on this machine.
struct BarrierProbe: Workload {
  let threads: Int

  var label: String { "barrier latency, threads \(threads)" }

  /// Barriers of one call: enough that starting the threads does not count.
  private static let repeats: UInt64 = 2000

  /// Seconds of one barrier are those of a call over this.
  static var barriersPerCall: Double { Double(repeats) }

  func seconds(iterations: Int) -> Double {
    probe_barrier(Int32(threads), Self.repeats * UInt64(iterations))
  }
}

/// How long something takes that does no work.
struct MeasuredLatency: Codable, Equatable {
  /// `region`, `standing team` or `barrier`.
  let name: String
  let threads: Int
  let medianSeconds: Double
  let minimumSeconds: Double
  let spread: Double

  init(_ name: String, threads: Int, _ summary: SampleSummary, count: Double = 1) {
    self.name = name
    self.threads = threads
    medianSeconds = (summary.medianSeconds / count).roundedToSignificant
    minimumSeconds = (summary.minimumSeconds / count).roundedToSignificant
    spread = summary.spread
  }
}
