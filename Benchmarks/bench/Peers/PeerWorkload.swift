// SPDX-License-Identifier: Apache-2.0

import CBenchProbes

/// A side as a workload: it begins when the threads of the side before have gone to rest.
final class PeerWorkload: Workload {
  let side: PeerSide
  let label: String
  private let threads: Int
  private let rest: IdleWait

  private static let warmUpNanoseconds: UInt64 = 15_000_000

  init(_ side: PeerSide, label: String, threads: Int, rest: IdleWait) {
    self.side = side
    self.label = label
    self.threads = threads
    self.rest = rest
  }

  func seconds(iterations: Int) throws -> Double {
    if threads > 1 { rest.wait() }
    side.prepare()
    guard let context = side.context else { return try timed(iterations) }
    return try context.withTeam { try timed(iterations) }
  }

  private func timed(_ iterations: Int) throws -> Double {
    // Brings the operands near, and lets the threads that were woken find processors of their own:
    // the system starts them beside the one that woke them and moves them some milliseconds later.
    let warm = probe_nanoseconds() + (threads > 1 ? Self.warmUpNanoseconds : 0)
    repeat { try side.call() } while probe_nanoseconds() < warm
    let start = probe_nanoseconds()
    for _ in 0..<iterations { try side.call() }
    return Double(probe_nanoseconds() - start) * 1e-9
  }
}
