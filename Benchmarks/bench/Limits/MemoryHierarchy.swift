// SPDX-License-Identifier: Apache-2.0

/// Where operands lie: the caches that the machine names, and the memory behind them.
struct MemoryHierarchy {
  struct Level {
    let name: String
    /// What fits in it: the cache's size, or everything.
    let capacity: Double
    let isShared: Bool
    /// How large source and target of a copy are, each, so that both lie in it.
    let probeBytes: Int
  }

  let levels: [Level]

  init(_ machine: Machine) {
    var levels: [Level] = []
    for number in 1...3 {
      guard let bytes = machine.cacheBytes(level: number) else { continue }
      // The third level is the neighbors' too: half of it at most is ours.
      let divisor = number == 3 ? 6 : 3
      levels.append(
        Level(
          name: "L\(number)", capacity: Double(bytes) / (number == 3 ? 2 : 1),
          isShared: number == 3, probeBytes: bytes / divisor))
    }
    let last = machine.cacheBytes(level: 3) ?? machine.cacheBytes(level: 2) ?? 0
    levels.append(
      Level(
        name: "memory", capacity: .infinity, isShared: false,
        probeBytes: min(max(64 << 20, last * 2), 256 << 20)))
    self.levels = levels
  }

  /// The first level that holds `bytes` spread over `threads` private caches.
  func level(holding bytes: Double, threads: Int) -> Level {
    let fitting = levels.first { level in
      bytes <= level.capacity * (level.isShared ? 1 : Double(threads))
    }
    return fitting ?? levels[levels.count - 1]
  }
}
