// SPDX-License-Identifier: Apache-2.0

/// A column that is the product or the quotient of two others, up to a residual: amount = quantity
/// x price, or price of a meter = price / meters. The residual, what rounding leaves, is what is
/// encoded in the column's place.
public struct ProductRelation: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The column that is computed.
  public let target: String
  /// The two columns that it is computed from.
  public let factors: [String]
  /// Whether the first is divided by the second.
  public let divides: Bool
  /// The product or quotient is multiplied by ten to this power: 2 for per cent.
  public let exponent: Int
  /// Residuals, and the target, are rounded to this many decimals.
  public let decimals: Int

  /// The relation as a formula, for reports.
  public var description: String {
    let power = exponent == 0 ? "" : " x 10^\(exponent)"
    return "\(target) = \(factors[0]) \(divides ? "/" : "x") \(factors[1])\(power) + residual"
  }

  /// Powers of ten are at most this, and at least its negative.
  static let maxExponent = 4
  private static let powers: [Double] = [1, 10, 100, 1000, 10_000]

  /// The target less what is computed, NaN where it is missing. O(rows).
  package func residual(target: [Double], parts: [[Double]]) -> [Double] {
    zip(target, computed(parts)).map { rounded($0 - $1) }
  }

  /// The target from its factors and the residual. O(rows).
  func target(residual: [Double], parts: [[Double]]) -> [Double] {
    zip(residual, computed(parts)).map { rounded($0 + $1) }
  }

  private func computed(_ parts: [[Double]]) -> [Double] {
    let power = Self.powers[abs(exponent)]
    return zip(parts[0], parts[1]).map { first, second in
      let result = divides ? first / second : first * second
      let scaled = exponent < 0 ? result / power : result * power
      // Beside a missing factor, or a quotient by zero, the target stands for itself.
      return scaled.isFinite ? rounded(scaled) : 0
    }
  }

  private func rounded(_ value: Double) -> Double {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    // A product of decimals may come out a rounding error below a half; 0 is no negative zero.
    return ((value * scale + (value < 0 ? -1e-7 : 1e-7)).rounded()) / scale + 0
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool {
    factors.count == 2
      && (-Self.maxExponent...Self.maxExponent).contains(exponent)
      && (0...9).contains(decimals)
  }
}
