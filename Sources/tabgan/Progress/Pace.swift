// SPDX-License-Identifier: Apache-2.0

/// How fast something goes now: over the last few seconds, not since the start.
struct Pace {
  private var samples: [(seconds: Double, count: Int)] = []
  private static let window = 5.0

  /// Notes that `count` were done after `seconds`.
  mutating func note(_ count: Int, at seconds: Double) {
    if let last = samples.last, seconds - last.seconds < 0.2 { return }
    samples.append((seconds, count))
    while samples.count > 2, seconds - samples[1].seconds > Self.window { samples.removeFirst() }
  }

  /// Per second; nil until it is known.
  var perSecond: Double? {
    guard let first = samples.first, let last = samples.last, last.seconds > first.seconds else {
      return nil
    }
    return Double(last.count - first.count) / (last.seconds - first.seconds)
  }
}
