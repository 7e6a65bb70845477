/// A column that is the sum of others, up to a rest: total = fare + tip + ..., or dropoff = pickup +
/// duration. The rest is what is encoded in the column's place, so a relation that holds in nearly
/// every real row holds in nearly every generated one.
struct LinearRelation: Sendable, Codable, Equatable {
  let target: String
  let parts: [String]
  /// Rests are rounded to this many decimals.
  let decimals: Int

  private var scale: Double {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    return scale
  }

  /// The target less its parts. A missing value makes the rest missing.
  func rest(_ values: (String) -> [Double]) -> [Double] {
    var rest = values(target)
    for part in parts {
      for (row, value) in values(part).enumerated() { rest[row] -= value }
    }
    let scale = scale
    return rest.map { ($0 * scale).rounded() / scale }
  }

  /// The target from its parts and the rest.
  func restore(rest: [Double], _ values: (String) -> [Double]) -> [Double] {
    var target = rest
    for part in parts {
      for (row, value) in values(part).enumerated() { target[row] += value }
    }
    let scale = scale
    return target.map { ($0 * scale).rounded() / scale }
  }
}
