// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Waiting until no other thread of this process computes.
///
/// The threads of a pool spin for a while after their work, in the hope of more; who begins in that
/// time has fewer processors than it was given.
final class IdleWait {
  /// Longer than any runtime spins unless it was set to spin forever.
  private static let longest = 1.0
  private static let pause: UInt32 = 500

  /// How often the longest wait was not enough.
  private(set) var disturbed = 0

  func wait() {
    let start = Self.seconds(CLOCK_MONOTONIC)
    while Self.seconds(CLOCK_MONOTONIC) - start < Self.longest {
      let (time, work) = (Self.seconds(CLOCK_MONOTONIC), Self.seconds(CLOCK_PROCESS_CPUTIME_ID))
      usleep(Self.pause)
      let passed = Self.seconds(CLOCK_MONOTONIC) - time
      // Waking up costs this thread a little itself.
      if Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - work < passed / 5 { return }
    }
    disturbed += 1
  }

  /// Lets the threads of LLVM's runtime spin for 20 ms after a region instead of 200, unless the
  /// user set it: still longer than any pause within a sample, and less to wait for between two.
  ///
  /// To be called before the first parallel region.
  static func shortenSpinning() { setenv("KMP_BLOCKTIME", "20", 0) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// A probe that needs the processors to itself: it waits until the threads of the work before rest.
struct IdleWorkload: Workload {
  let probe: any Workload
  let threads: Int
  let rest: IdleWait

  var label: String { probe.label }

  func seconds(iterations: Int) throws -> Double {
    if threads > 1 { rest.wait() }
    return try probe.seconds(iterations: iterations)
  }
}
