// SPDX-License-Identifier: Apache-2.0

/// Colors for values.
public enum ColorScale: Sendable, Equatable {
  /// From white to a dark blue, for amounts from `low` to `high`.
  case sequential(low: Double, high: Double)
  /// From blue over white to red, for values from -`limit` to `limit`.
  case diverging(limit: Double)

  private static let blues: [SIMD3<Double>] = [
    [247, 251, 255], [198, 219, 239], [107, 174, 214], [33, 113, 181], [8, 48, 107],
  ]
  private static let blueToRed: [SIMD3<Double>] = [
    [5, 72, 122], [103, 169, 207], [247, 247, 247], [239, 138, 98], [160, 20, 40],
  ]

  var ends: (low: Double, high: Double) {
    switch self {
    case .sequential(let low, let high): (low, high > low ? high : low + 1)
    case .diverging(let limit): limit > 0 ? (-limit, limit) : (-1, 1)
    }
  }

  private func mixture(_ value: Double) -> SIMD3<Double> {
    let fraction = min(max((value - ends.low) / (ends.high - ends.low), 0), 1)
    let stops = if case .sequential = self { Self.blues } else { Self.blueToRed }
    let position = fraction * Double(stops.count - 1)
    let index = min(Int(position), stops.count - 2)
    return stops[index] + (stops[index + 1] - stops[index]) * (position - Double(index))
  }

  /// The color of a value; of one that is not finite a gray that no value has.
  func color(_ value: Double) -> String {
    guard value.isFinite else { return "#D9D9D9" }
    let hex = { (part: Double) in
      let text = String(Int(part.rounded()), radix: 16, uppercase: true)
      return text.count < 2 ? "0" + text : text
    }
    let rgb = mixture(value)
    return "#" + hex(rgb.x) + hex(rgb.y) + hex(rgb.z)
  }

  /// The color of text on that color.
  func ink(_ value: Double) -> String {
    guard value.isFinite else { return ChartTheme.ink }
    let rgb = mixture(value)
    return 0.299 * rgb.x + 0.587 * rgb.y + 0.114 * rgb.z < 140 ? "#FFFFFF" : ChartTheme.ink
  }
}
