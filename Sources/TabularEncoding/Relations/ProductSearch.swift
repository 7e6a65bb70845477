// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Finds the columns that are products or quotients of two others.
///
/// Where three columns can each be computed from the other two, the one with the most values is:
/// what is computed is finer than what it was computed from. O(columns³ x 8) at worst, and O(rows)
/// for each relation that holds in eight of them.
struct ProductSearch {
  /// A column that may be a factor, and a target where it has decimals to round to.
  struct Candidate {
    let name: String
    /// In a sample of the rows, none missing.
    let values: [Double]
    let decimals: Int?
  }

  private let columns: [Candidate]

  /// Fewer distinct values than this are better off as categories.
  private static let minValues = 26
  /// Among more columns the search would take too long; none is made.
  private static let maxColumns = 64
  /// Of the rows of a factor: times 1, a column would be the product of itself.
  private static let maxShareOfValue = 0.9
  /// Rows that turn down at once what does not hold at all.
  private static let triedRows = 8
  /// What rounding may leave, in units of the target's last decimal.
  private static let tolerance = 2.0

  init(columns: [Candidate]) {
    self.columns = columns.filter { column in
      var counts: [Double: Int] = [:]
      for value in column.values { counts[value, default: 0] += 1 }
      let maximum = Double(counts.values.max() ?? 0)
      return maximum < Self.maxShareOfValue * Double(column.values.count)
    }
  }

  /// - Parameter holds: whether a relation holds in all rows of the table.
  /// - Returns: relations none of which computes a column that another needs.
  func products(where holds: (ProductRelation) -> Bool) -> [ProductRelation] {
    guard columns.count <= Self.maxColumns else { return [] }
    let distinct = columns.map { Set($0.values).count }
    let order = columns.indices.sorted { (distinct[$1], $0) < (distinct[$0], $1) }
    var targets: Set<String> = []
    var factors: Set<String> = []
    var found: [ProductRelation] = []
    for index in order where distinct[index] >= Self.minValues {
      let target = columns[index]
      guard let decimals = target.decimals, !factors.contains(target.name) else { continue }
      let others = columns.filter { $0.name != target.name && !targets.contains($0.name) }
      guard let relation = relation(target, decimals: decimals, of: others, where: holds) else {
        continue
      }
      targets.insert(target.name)
      factors.formUnion(relation.factors)
      found.append(relation)
    }
    return found
  }

  /// Products before quotients.
  private func relation(
    _ target: Candidate, decimals: Int, of others: [Candidate],
    where holds: (ProductRelation) -> Bool
  ) -> ProductRelation? {
    for divides in [false, true] {
      for (i, first) in others.enumerated() {
        for (j, second) in others.enumerated() where divides ? i != j : i < j {
          guard
            let exponent = exponent(
              target.values, decimals, first.values, second.values, divides: divides)
          else { continue }
          let relation = ProductRelation(
            target: target.name, factors: [first.name, second.name], divides: divides,
            exponent: exponent, decimals: decimals)
          if holds(relation) { return relation }
        }
      }
    }
    return nil
  }

  /// The power of ten with which the first rows that tell come out; nil for none.
  private func exponent(
    _ goal: [Double], _ decimals: Int, _ first: [Double], _ second: [Double], divides: Bool
  ) -> Int? {
    var exponent: Int?
    var tried = 0
    let unit = pow(10, -Double(decimals))
    // A value of a few units says little.
    for row in goal.indices where abs(goal[row]) >= 10 * unit {
      let computed = divides ? first[row] / second[row] : first[row] * second[row]
      guard computed.isFinite, computed != 0 else { continue }
      let power = log10(goal[row] / computed).rounded()
      guard power.isFinite, abs(power) <= Double(ProductRelation.maxExponent),
        exponent ?? Int(power) == Int(power),
        abs(goal[row] - computed * pow(10, power)) <= Self.tolerance * unit
      else { return nil }
      exponent = Int(power)
      tried += 1
      if tried == Self.triedRows { return exponent }
    }
    return nil
  }
}
