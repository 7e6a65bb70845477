/// A column that is a linear function of another, up to a rest: a price with 20 % on top, a length in
/// another unit, degrees Fahrenheit. The rest, what rounding leaves, is what is encoded in the
/// column's place.
public struct AffineRelation: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The column that is computed.
  public let target: String
  /// The column that it is computed from.
  public let part: String
  public let slope: Double
  public let intercept: Double
  /// Rests, and the target, are rounded to this many decimals; nil for a target that is not rounded,
  /// which is computed to all digits.
  public let decimals: Int?

  public var description: String {
    let sign = intercept < 0 ? "-" : "+"
    let constant = intercept == 0 ? "" : " \(sign) \(abs(intercept))"
    return "\(target) = \(slope) x \(part)\(constant) + rest"
  }

  /// What is taken for a rounding error of a target that is not rounded.
  static let precision = 1e-9

  /// The target less what is computed, NaN where either column is missing. O(rows).
  func rest(target: [Double], parts: [[Double]]) -> [Double] {
    zip(target, parts[0]).map { target, part in
      let rest = target - computed(part)
      if decimals != nil { return rounded(rest) }
      return abs(rest) <= Self.precision * max(abs(target), abs(intercept)) ? 0 : rest
    }
  }

  /// The target from its part and the rest; missing where the part is. O(rows).
  func target(rest: [Double], parts: [[Double]]) -> [Double] {
    zip(rest, parts[0]).map { rounded($0 + computed($1)) }
  }

  private func computed(_ part: Double) -> Double { rounded(slope * part + intercept) }

  private func rounded(_ value: Double) -> Double {
    guard let decimals else { return value }
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    // A product of decimals may come out a rounding error below a half; 0 is no negative zero.
    return ((value * scale + (value < 0 ? -1e-7 : 1e-7)).rounded()) / scale + 0
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool {
    slope.isFinite && slope != 0 && intercept.isFinite
      && decimals.map { (0...9).contains($0) } ?? true
  }
}
