/// A column that is the sum of others, up to a rest: total = fare + tip + ..., or dropoff = pickup +
/// duration. The rest is what is encoded in the column's place, so a relation that holds in nearly
/// every real row holds in nearly every generated one, and exactly.
public struct LinearRelation: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The column that is computed.
  public let target: String
  /// The columns that it is computed from.
  public let parts: [String]
  /// Rests, and the target, are rounded to this many decimals.
  public let decimals: Int
  /// Whether a missing part counts as 0. Otherwise it makes the target missing.
  public let skipsMissingParts: Bool

  public var description: String { "\(target) = \(parts.joined(separator: " + ")) + rest" }

  private var scale: Double { (0..<decimals).reduce(1) { scale, _ in scale * 10 } }

  /// The target less its parts, NaN where it is missing. O(parts x rows).
  func rest(target: [Double], parts: [[Double]]) -> [Double] {
    combine(target, parts, sign: -1)
  }

  /// The target from its parts and the rest. O(parts x rows).
  func target(rest: [Double], parts: [[Double]]) -> [Double] {
    combine(rest, parts, sign: 1)
  }

  private func combine(_ first: [Double], _ parts: [[Double]], sign: Double) -> [Double] {
    var sum = first
    for part in parts {
      for row in sum.indices where !(skipsMissingParts && part[row].isNaN) {
        sum[row] += sign * part[row]
      }
    }
    let scale = scale
    // Adding 0 makes a negative zero a plain one.
    for row in sum.indices { sum[row] = (sum[row] * scale).rounded() / scale + 0 }
    return sum
  }
}
