// SPDX-License-Identifier: Apache-2.0

import CBenchProbes

/// Bandwidth at one working-set size, each thread on buffers of its own.
struct TrafficProbe: Workload {
  let traffic: MeasuredLimit.Traffic
  /// What the working set fits in, for example `L2` or `memory`.
  let level: String
  let threads: Int
  /// The size of each thread's buffer: of the source, and of the target, of a copy.
  let bytesPerThread: Int

  var label: String { "\(traffic.rawValue) limit, \(level), threads \(threads)" }

  /// Bytes read and written by one call, over all threads.
  var bytes: Double {
    let buffers = traffic == .copy ? 2.0 : 1
    return buffers * Double(bytesPerThread) * Double(repeats) * Double(threads)
  }

  /// Enough traffic in one call that starting the threads does not count.
  private var repeats: Int { max(1, (32 << 20) / bytesPerThread) }

  func seconds(iterations: Int) -> Double {
    let count = UInt64(repeats * iterations)
    switch traffic {
    case .copy: return probe_copy(bytesPerThread, Int32(threads), count)
    case .load: return probe_load(bytesPerThread, Int32(threads), count)
    case .store: return probe_store(bytesPerThread, Int32(threads), count)
    }
  }

  /// One probe for each kind of traffic, level of memory and number of threads.
  static func all(in hierarchy: MemoryHierarchy, threads: [Int]) -> [TrafficProbe] {
    MeasuredLimit.Traffic.allCases.flatMap { traffic in
      threads.flatMap { count in
        hierarchy.levels.map { level in
          // A shared cache is filled by all threads together.
          let share = level.isShared ? level.probeBytes / count : level.probeBytes
          return TrafficProbe(
            traffic: traffic, level: level.name, threads: count, bytesPerThread: share / 256 * 256)
        }
      }
    }
  }
}
