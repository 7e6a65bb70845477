// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// The values a column can take: a range and, if there is one, a step they are multiples of.
///
/// The step is the greatest that fits every value, given the number of decimals they are written
/// with, or the least number of decimals of all values: 0.5 for 2.5, 4, 17.5; 0.01 for cents; 1 for
/// whole numbers; 5 for 0, 15, 20. If values are rounded to several steps, or to a number of
/// significant digits, ``DigitShares`` replaces the grid.
struct NumericGrid: Sendable, Codable, Equatable {
  let minimum: Double
  let maximum: Double
  /// Values are (offset + n x stride) / scale with a whole n; scale 0 where there is no grid. Whole
  /// numbers, so that a value on the grid is the same `Double` as its decimal text.
  private let scale: Double
  private let stride: Double
  private let offset: Double
  /// Whether values are single-precision numbers.
  private let singlePrecision: Bool
  /// The steps that values are rounded to, if there are several.
  private let digits: DigitShares?

  private static let minFineShare = 0.25
  /// More decimals than this are a measurement, not a grid.
  private static let maxDecimals = 9
  /// Whole numbers up to here are exact.
  private static let exact = 0x1p53

  /// The grid of values, NaN left out. O(values).
  ///
  /// - Parameters:
  ///   - rounded: the values from which to infer several rounding steps; empty for a single grid or
  ///     full precision.
  ///   - prefersGrid: whether to keep a grid if a quarter of the values need its decimals; for
  ///     encoders that reproduce values exactly.
  init(
    _ values: [Double], format: NumberFormat?, rounded: [Double] = [], prefersGrid: Bool = false
  ) {
    let present = values.filter { !$0.isNaN }
    minimum = (present.min() ?? 0) + 0
    maximum = (present.max() ?? 0) + 0
    singlePrecision = format?.singlePrecision ?? false
    var grid: (scale: Double, stride: Double, offset: Double)?
    var digits: DigitShares?
    if !singlePrecision {
      // Exponents leave the number of decimals open.
      grid = format?.maxDecimals.flatMap { Self.grid(present, decimals: $0) }
      let shares = DigitShares(
        grid.map { grid in rounded.map { ($0 * grid.scale).rounded() / grid.scale } } ?? rounded)
      if grid == nil, let decimals = shares?.onlyDecimals {
        grid = Self.grid(present, decimals: max(decimals, 0))
      }
      // A grid wider than its decimals is more informative than digit counts.
      let hasOneStep = grid.map {
        $0.stride > 1 || shares?.onlyDecimals == Int(log10($0.scale).rounded())
          || prefersGrid && (shares?.finestShare ?? 1) >= Self.minFineShare
      }
      if hasOneStep != true, let shares, !shares.isUnrounded { digits = shares }
    }
    self.digits = digits
    (scale, stride, offset) = digits == nil ? grid ?? (0, 1, 0) : (0, 1, 0)
  }

  /// The grid with a number of decimals; nil if a value does not lie on it.
  private static func grid(
    _ values: [Double], decimals: Int
  ) -> (scale: Double, stride: Double, offset: Double)? {
    guard decimals <= maxDecimals else { return nil }
    let scale = pow(10, Double(decimals))
    guard let first = values.min(), let last = values.max(),
      max(abs(first), abs(last)) * scale < exact
    else { return nil }
    let offset = Int((first * scale).rounded())
    var step = 0
    for value in values {
      let number = (value * scale).rounded()
      // Computed values may have rounding errors.
      guard abs(number / scale - value) <= 4 * value.ulp else { return nil }
      if step != 1 { step = greatestCommonDivisor(step, Int(number) - offset) }
    }
    return (scale, Double(max(step, 1)), Double(offset))
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (abs(a), abs(b))
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  /// The distance of neighbors on the grid, 0 where there is none.
  var step: Double { scale == 0 ? 0 : stride / scale }

  /// Whether values are rounded to several steps, one of which is drawn for each.
  var drawsDigits: Bool { digits != nil }

  /// The width of the interval that is rounded to this value.
  func cell(_ value: Double) -> Double { digits?.cell(value) ?? step }

  /// The nearest value that the column can take, using the most frequent step if there are several.
  @inline(__always)
  func snap(_ value: Double) -> Double { snap(value, at: 0) }

  /// The nearest value that the column can take.
  ///
  /// - Parameter position: a number in 0..<1, evaluated only if one of several steps is drawn.
  @inline(__always)
  func snap(_ value: Double, at position: @autoclosure () -> Double) -> Double {
    let clipped = min(max(value, minimum), maximum)
    if singlePrecision { return Double(Float(clipped)) }
    if let digits { return min(max(digits.round(clipped, at: position()), minimum), maximum) }
    if scale == 0 { return clipped }
    // Adding 0 makes a negative zero a plain one.
    return (((clipped * scale - offset) / stride).rounded() * stride + offset) / scale + 0
  }
}

extension NumericGrid {
  /// Decodes a grid and rejects one that fitting cannot produce.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    minimum = try container.decode(Double.self, forKey: .minimum)
    maximum = try container.decode(Double.self, forKey: .maximum)
    scale = try container.decode(Double.self, forKey: .scale)
    stride = try container.decode(Double.self, forKey: .stride)
    offset = try container.decode(Double.self, forKey: .offset)
    singlePrecision = try container.decode(Bool.self, forKey: .singlePrecision)
    digits = try container.decodeIfPresent(DigitShares.self, forKey: .digits)
    let limit = singlePrecision ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
    guard minimum >= -limit, minimum <= maximum, maximum <= limit else {
      throw DecodingError.invalid("'minimum' must be finite and at most 'maximum'", in: decoder)
    }
    guard scale == 0 || (1...pow(10, Double(Self.maxDecimals))).contains(scale) else {
      throw DecodingError.invalid(
        "'scale' must be 0 or a power of ten for at most \(Self.maxDecimals) decimals, not \(scale)",
        in: decoder)
    }
    guard stride >= 1, stride.isFinite, abs(offset) <= Self.exact else {
      throw DecodingError.invalid(
        "'stride' must be at least 1 and 'offset' a whole number below 2^53", in: decoder)
    }
  }
}
