// SPDX-License-Identifier: Apache-2.0

/// A column that is a linear function of another up to a residual: a price plus 20 %, a length in
/// another unit, degrees Fahrenheit. The residual, which is due to rounding, is encoded in
/// place of the column.
public struct AffineRelation: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The column that is computed.
  public let target: String
  /// The column that it is computed from.
  public let part: String
  /// The factor of the part.
  public let slope: Double
  /// The constant term.
  public let intercept: Double
  /// The number of decimals of target and residuals; nil if the target is not rounded.
  public let decimals: Int?

  /// The relation as a formula.
  public var description: String {
    let sign = intercept < 0 ? "-" : "+"
    let constant = intercept == 0 ? "" : " \(sign) \(abs(intercept))"
    return "\(target) = \(slope) x \(part)\(constant) + residual"
  }

  /// The relative rounding error allowed for a target that is not rounded.
  static let precision = 1e-9

  /// The target minus the computed values; NaN if either column is missing. O(rows).
  package func residual(target: [Double], parts: [[Double]]) -> [Double] {
    zip(target, parts[0]).map { target, part in
      let residual = target - computed(part)
      if decimals != nil { return rounded(residual) }
      return abs(residual) <= Self.precision * max(abs(target), abs(intercept)) ? 0 : residual
    }
  }

  /// The target from its part and the residuals; missing if the part is. O(rows).
  func target(residual: [Double], parts: [[Double]]) -> [Double] {
    zip(residual, parts[0]).map { rounded($0 + computed($1)) }
  }

  private func computed(_ part: Double) -> Double { rounded(slope * part + intercept) }

  private func rounded(_ value: Double) -> Double {
    guard let decimals else { return value }
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    // A product of decimals may be a rounding error below a half. Adding 0 removes a negative zero.
    return ((value * scale + (value < 0 ? -1e-7 : 1e-7)).rounded()) / scale + 0
  }

  /// Whether the decoded values are valid.
  var isValid: Bool {
    slope.isFinite && slope != 0 && intercept.isFinite
      && decimals.map { (0...9).contains($0) } ?? true
  }
}
