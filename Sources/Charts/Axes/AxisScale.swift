// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An axis fitted to data: it maps values to 0...1 and knows its ticks.
struct AxisScale {
  struct Tick: Equatable {
    var position: Double
    /// Empty for a minor tick.
    var label: String
  }
  let ticks: [Tick]
  private let isLogarithmic: Bool
  private let floor: Double
  private let low: Double
  private let high: Double

  /// Fits `axis` to the finite values among `values`.
  ///
  /// Linear axes that are not given a range end at ticks, if `isRounded`; `maximum` is the number
  /// of labels there is room for.
  init(_ axis: Axis, values: [Double], maximum: Int, isRounded: Bool) {
    var floor = 0.0
    var isLogarithmic = false
    if case .logarithmic(let given) = axis.scale {
      isLogarithmic = true
      floor = given > 0 ? given : 1e-300
    }
    let transform = { (value: Double) in isLogarithmic ? log10(max(value, floor)) : value }
    let finite = (axis.range.map { [$0.lowerBound, $0.upperBound] } ?? values)
      .filter(\.isFinite).map(transform)
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    if !(high - low > abs(high) * 1e-12) {
      // One value only: some room on both sides.
      let room = isLogarithmic ? 0.5 : max(abs(high) * 0.1, 0.5)
      low -= room
      high += room
    }
    let room = max(maximum, 2)
    var positions: [Double]
    if let given = axis.ticks {
      positions = given.map(transform)
    } else if isLogarithmic {
      if axis.range == nil, isRounded {
        (low, high) = (low.rounded(.down), high.rounded(.up))
      }
      positions = Self.decades(low, high, room)
    } else {
      let step = Self.niceStep((high - low) / Double(room))
      if axis.range == nil, isRounded {
        (low, high) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
      }
      positions = Self.multiples(of: step, low, high)
    }
    let slack = (high - low) * 1e-9
    positions = positions.filter { $0 >= low - slack && $0 <= high + slack }
    let labels: [String]
    if let given = axis.ticks {
      labels = NumberLabel.plain(
        given.filter { (low - slack...high + slack).contains(transform($0)) })
    } else {
      labels = isLogarithmic ? NumberLabel.powers(positions) : NumberLabel.plain(positions)
    }
    var result = zip(positions, labels).map {
      Tick(position: ($0 - low) / (high - low), label: $1)
    }
    if isLogarithmic, axis.ticks == nil, high - low <= 4 {
      let minor = Self.decades(low.rounded(.down), high, 99).flatMap { decade in
        (2...9).map { decade + log10(Double($0)) }
      }
      result += minor.filter { $0 > low && $0 < high }.map {
        Tick(position: ($0 - low) / (high - low), label: "")
      }
    }
    ticks = result
    self.isLogarithmic = isLogarithmic
    self.floor = floor
    self.low = low
    self.high = high
  }

  /// The place of a value, 0...1 within the axis, or nil where it has none.
  func fraction(_ value: Double) -> Double? {
    guard value.isFinite else { return nil }
    let transformed = isLogarithmic ? log10(max(value, floor)) : value
    return (transformed - low) / (high - low)
  }

  /// The least of 1, 2 or 5 times a power of ten that is not below `step`.
  private static func niceStep(_ step: Double) -> Double {
    let power = pow(10, Foundation.floor(log10(step)))
    let factor = step / power
    return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10)
  }

  private static func multiples(of step: Double, _ low: Double, _ high: Double) -> [Double] {
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = Int((high / step + 1e-9).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : []
  }

  /// Whole powers of ten, or every n-th of them if there is no room for all.
  private static func decades(_ low: Double, _ high: Double, _ maximum: Int) -> [Double] {
    let span = high - low
    let step = [1.0, 2, 3, 5, 10, 20, 50, 100].first { span / $0 <= Double(maximum) } ?? 100
    return multiples(of: step, low, high)
  }
}
