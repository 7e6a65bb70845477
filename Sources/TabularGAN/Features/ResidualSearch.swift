// SPDX-License-Identifier: Apache-2.0

import TabularEncoding

/// Finds quantities that are nearly a linear function of two others, as they are or as logarithms:
/// a fare of distance and time, a depth of length and width.
///
/// A function is fitted by least trimmed squares (Rousseeuw, "Least median of squares regression",
/// 1984), so that flat charges and mistakes do not bend it. It is taken where it leaves much less
/// than either quantity does alone; a relation that nearly all rows obey is no matter of this, but
/// a ``ColumnRelation``.
struct ResidualSearch {
  /// A plane, and what it leaves.
  struct Plane {
    var intercept: Double
    var slopes: (Double, Double)
    /// The median distance from it.
    var spread: Double

    func residual(_ target: Double, _ first: Double, _ second: Double) -> Double {
      target - intercept - slopes.0 * first - slopes.1 * second
    }
  }

  /// The share of the rows that is fitted: those that lie nearest.
  private static let trimmed = 0.8
  private static let fits = 5
  /// At most so much of the spread is left by both quantities beside that by the better one.
  private static let maxLeft = 0.7
  /// Quantities go together by rank correlation.
  private static let together = 0.3
  private static let maxQuantities = 16
  private static let maxPlanes = 4
  private static let minRows = 100

  let quantities: [(name: String, values: [Double])]

  /// Triples of quantities, by their place in the list, the target first; those that leave the
  /// least first, and each three of them once. O(quantities³ x rows).
  func planes() -> [(target: Int, parts: (Int, Int), plane: Plane)] {
    let count = min(quantities.count, Self.maxQuantities)
    var isTogether = [[Bool]](
      repeating: [Bool](repeating: false, count: count), count: count)
    let ranked = quantities.prefix(count).map { RankedColumn($0.values) }
    for a in 0..<count {
      for b in 0..<a {
        let correlation = abs(ranked[a].correlation(with: ranked[b]))
        isTogether[a][b] = correlation >= Self.together
        isTogether[b][a] = isTogether[a][b]
      }
    }
    var found: [(left: Double, target: Int, parts: (Int, Int), plane: Plane)] = []
    for target in 0..<count {
      for first in 0..<count where isTogether[target][first] {
        for second in 0..<first where isTogether[target][second] {
          guard let (plane, left) = plane(target, first, second), left <= Self.maxLeft else {
            continue
          }
          found.append((left, target, (first, second), plane))
        }
      }
    }
    found.sort {
      ($0.left, $0.target, $0.parts.0, $0.parts.1) < ($1.left, $1.target, $1.parts.0, $1.parts.1)
    }
    var seen: Set<Set<Int>> = []
    return found.filter { seen.insert([$0.target, $0.parts.0, $0.parts.1]).inserted }
      .prefix(Self.maxPlanes).map { ($0.target, $0.parts, $0.plane) }
  }

  /// The plane, and what it leaves of the spread that the better of the two quantities leaves.
  private func plane(
    _ target: Int, _ first: Int, _ second: Int
  ) -> (plane: Plane, left: Double)? {
    let columns = [target, first, second].map { quantities[$0].values }
    let rows = columns[0].indices.filter { row in columns.allSatisfy { !$0[row].isNaN } }
    guard rows.count >= Self.minRows else { return nil }
    let (a, b, c) = (
      rows.map { columns[0][$0] }, rows.map { columns[1][$0] }, rows.map { columns[2][$0] }
    )
    let none = [Double](repeating: 0, count: rows.count)
    let both = Self.fit(a, b, c)
    let single = min(Self.fit(a, b, none).spread, Self.fit(a, c, none).spread)
    guard both.spread > 0, both.slopes.0 != 0, both.slopes.1 != 0, single.isFinite else {
      return nil
    }
    return (both, both.spread / single)
  }

  /// Least trimmed squares by concentration steps. O(fits x rows log rows).
  private static func fit(_ a: [Double], _ b: [Double], _ c: [Double]) -> Plane {
    let kept = Int(trimmed * Double(a.count))
    var members = Array(a.indices)
    var plane = Plane(intercept: 0, slopes: (0, 0), spread: .infinity)
    for _ in 0..<fits {
      plane = leastSquares(a, b, c, members)
      let distances = a.indices.map { abs(plane.residual(a[$0], b[$0], c[$0])) }
      let order = a.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
      plane.spread = distances[order[order.count / 2]]
      members = Array(order.prefix(kept))
    }
    return plane
  }

  private static func leastSquares(
    _ a: [Double], _ b: [Double], _ c: [Double], _ rows: [Int]
  ) -> Plane {
    let count = Double(rows.count)
    func mean(_ values: [Double]) -> Double { rows.reduce(0) { $0 + values[$1] } / count }
    let (ma, mb, mc) = (mean(a), mean(b), mean(c))
    var (bb, bc, cc, ab, ac) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for row in rows {
      let (x, y, z) = (a[row] - ma, b[row] - mb, c[row] - mc)
      bb += y * y
      bc += y * z
      cc += z * z
      ab += x * y
      ac += x * z
    }
    let determinant = bb * cc - bc * bc
    var slopes = (bb > 0 ? ab / bb : 0, 0.0)
    // Where one is a multiple of the other it adds nothing.
    if determinant > 1e-9 * bb * cc {
      slopes = ((ab * cc - ac * bc) / determinant, (ac * bb - ab * bc) / determinant)
    }
    return Plane(
      intercept: ma - slopes.0 * mb - slopes.1 * mc, slopes: slopes, spread: .infinity)
  }
}
