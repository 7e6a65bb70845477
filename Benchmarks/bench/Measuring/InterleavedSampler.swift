// SPDX-License-Identifier: Apache-2.0

import CBenchProbes

/// Something that can be timed.
protocol Workload {
  /// What to say while it is measured.
  var label: String { get }

  /// Does the work `iterations` times and returns the seconds that all of them took.
  func seconds(iterations: Int) throws -> Double
}

/// Times workloads in turn, round after round, so that what slows the machine for a while slows all
/// of them alike and ratios hold.
struct InterleavedSampler {
  /// How long one sample lasts at least; short calls are repeated within it.
  var sampleSeconds = 0.002
  /// The time for everything; the minimal number of rounds is taken in any case.
  var budgetSeconds: Double
  var minRounds = 3
  var maxRounds = 40

  /// Seconds per call of every workload, one sample a round.
  ///
  /// `progress` receives the finished rounds and the share of the budget that is spent.
  func measure(
    _ workloads: [any Workload], progress: (_ rounds: Int, _ share: Double) -> Void
  ) throws -> [[Double]] {
    let start = probe_nanoseconds()
    func elapsed() -> Double { Double(probe_nanoseconds() - start) * 1e-9 }

    // The first call warms caches, pages and threads, the second tells how often to repeat.
    let iterations = try workloads.map { workload in
      _ = try workload.seconds(iterations: 1)
      let single = max(try workload.seconds(iterations: 1), 1e-9)
      return max(1, Int((sampleSeconds / single).rounded(.up)))
    }
    var samples = [[Double]](repeating: [], count: workloads.count)
    var round = 0
    var longestRound = 0.0
    while round < maxRounds
      && (round < minRounds || elapsed() + longestRound < budgetSeconds)
    {
      let roundStart = elapsed()
      for offset in workloads.indices {
        // Every round begins elsewhere: nobody always runs after the same neighbor's data.
        let index = (offset + round * 7) % workloads.count
        let seconds = try workloads[index].seconds(iterations: iterations[index])
        samples[index].append(seconds / Double(iterations[index]))
      }
      longestRound = max(longestRound, elapsed() - roundStart)
      round += 1
      progress(round, min(1, elapsed() / budgetSeconds))
    }
    return samples
  }
}
