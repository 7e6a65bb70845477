import Foundation

/// A length of a way between two places, such as the distance of a trip: at least the straight line
/// between them, nearly always, and a multiple of it that varies much less than the length itself.
/// The multiple (the detour) is what is encoded in the column's place, so a way that is shorter than
/// the straight line is as rare in generated rows as in real ones.
public struct PathRelation: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The column that is computed.
  public let target: String
  /// Latitude and longitude in degrees, of the one place and of the other.
  public let places: [String]
  /// The target is rounded to this many decimals.
  public let decimals: Int

  public var description: String {
    "\(target) = rest * straight line(\(places.joined(separator: ", ")))"
  }

  /// Shorter lines (km), and those from or to nowhere, have no detour to speak of.
  private static let leastLine = 0.1

  /// The detour; where there is no line, the target itself, as a negative number: -1 - target. NaN
  /// where the target is missing. O(rows).
  func rest(target: [Double], parts: [[Double]]) -> [Double] {
    zip(target, Self.lines(parts)).map { value, line in
      line >= Self.leastLine ? value / line : -1 - value
    }
  }

  /// The target from the detour, as `rest` has it. O(rows).
  func target(rest: [Double], parts: [[Double]]) -> [Double] {
    let scale = pow(10, Double(decimals))
    return zip(rest, Self.lines(parts)).map { rest, line in
      // Which of the two a rest is, its sign says; a detour without a line has nothing to go along.
      let value = rest >= 0 ? rest * (line.isNaN ? 0 : line) : -1 - rest
      return rest.isNaN ? .nan : (value * scale).rounded() / scale + 0
    }
  }

  /// The straight lines in km, NaN where a coordinate is missing or both of a place are 0.
  static func lines(_ parts: [[Double]]) -> [Double] {
    parts[0].indices.map { row in
      let (a, b) = (parts[0][row], parts[1][row])
      let (c, d) = (parts[2][row], parts[3][row])
      if (a == 0 && b == 0) || (c == 0 && d == 0) { return .nan }
      return greatCircle(a, b, c, d)
    }
  }

  /// The haversine formula on a sphere of 6,371 km.
  private static func greatCircle(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
    let radians = Double.pi / 180
    let (u, v) = (sin((c - a) * radians / 2), sin((d - b) * radians / 2))
    let h = u * u + cos(a * radians) * cos(c * radians) * v * v
    return 2 * 6371 * asin(min(1, h.squareRoot()))
  }
}
