// SPDX-License-Identifier: Apache-2.0

import Tabular

extension RelationFinder {
  /// A column as the sum of others near it that are not computed from it.
  func sum(at index: Int, beside found: RelationOrder) -> LinearRelation? {
    let target = table.columns[index]
    guard !found.targets.contains(target.name), isQuantity(target), let all = target.numbers,
      let decimals = Self.decimals(all)
    else { return nil }
    let rows = sample.filter { !all[$0].isNaN }
    let goal = rows.map { all[$0] }
    guard goal.count >= Self.minRows, Set(goal).count >= Self.minValues else { return nil }
    let near = ColumnPairs.indices(
      near: index, of: table.columns.count, window: ColumnPairs.window)
    let candidates = table.columns[near].filter {
      $0.name != target.name && isAmount($0) && !found.computes($0.name, from: target.name)
    }
    // Codes may improve the fit by chance and displace true parts, so they are tried only if the
    // sum does not hold without them. The last attempts exclude columns above the target, such as
    // sums that contain it.
    let quantities = candidates.filter(isQuantity)
    let parts = { (columns: [Column]) in columns.filter { isBelow($0.numbers!, all, in: rows) } }
    var groups: [[Column]] = []
    for group in [quantities, candidates, parts(quantities), parts(candidates)]
    where !groups.contains(where: { $0.map(\.name) == group.map(\.name) }) { groups.append(group) }
    for group in groups {
      let search = SumSearch(
        goal: goal,
        columns: group.map { column in
          rows.map { column.numbers![$0] }.map { $0.isNaN ? 0 : $0 }
        })
      let relation = { (parts: [Int]) in
        LinearRelation(
          target: target.name, parts: parts.map { group[$0].name }, decimals: decimals,
          skipsMissingParts: true)
      }
      // Residuals around 0 first: there, a nearly constant part matters, but not around a median.
      for target in [SumSearch.Target.zero, .median] {
        let closest = search.closest(to: target)
        guard !closest.isEmpty, holds(relation(closest)) else { continue }
        let best = relation(search.mostConcentrated(from: closest, decimals: decimals))
        return holds(best) ? best : relation(closest)
      }
    }
    return nil
  }

  /// Whether nearly all values of a column are at most those of another.
  private func isBelow(_ values: Numbers, _ others: Numbers, in rows: [Int]) -> Bool {
    let above = rows.count { values[$0] > others[$0] }
    return Double(above) <= (1 - Self.share) * Double(rows.count)
  }

  /// Whether a few residuals cover nearly all rows; see ``relationHolds(_:of:)``.
  private func holds(_ relation: LinearRelation) -> Bool {
    let target = table[relation.target]!.numbers!.array
    return relationHolds(
      relation.residual(target: target, parts: relation.parts.map { table[$0]!.numbers!.array }),
      of: target)
  }

  /// Whether at most four residuals cover nearly all rows. They must also cover nearly all rows in
  /// which the target is not its most frequent value, and there must be enough of those to rule out
  /// chance.
  func relationHolds(_ residuals: [Double], of target: [Double]) -> Bool {
    var counts: [Double: Int] = [:]
    var values: [Double: Int] = [:]
    var present = 0
    for (residual, value) in zip(residuals, target) where !residual.isNaN {
      counts[residual, default: 0] += 1
      values[value, default: 0] += 1
      present += 1
    }
    let mostFrequent = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(
      Self.maxResiduals)
    guard present >= Self.minRows,
      Double(mostFrequent.reduce(0) { $0 + $1.value }) >= Self.share * Double(present),
      let usual = values.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })
    else { return false }
    let informative = present - usual.value
    let kept = Set(mostFrequent.map(\.key))
    let holding = zip(residuals, target).count { $1 != usual.key && kept.contains($0) }
    return informative >= Self.minInformativeRows
      && Double(holding) >= Self.informativeShare * Double(informative)
  }

  /// The number of decimals of all values; nil if it exceeds `maximum` or values are too large.
  static func decimals(_ values: Numbers, maximum: Int = maxDecimals) -> Int? {
    var scale = 1.0
    var decimals = 0
    for value in values where !value.isNaN {
      // 3e-9 is a small number, not a zero with a rounding error.
      while abs(value * scale - (value * scale).rounded()) > 1e-6
        || value != 0 && (value * scale).rounded() == 0
      {
        decimals += 1
        scale *= 10
        if decimals > maximum { return nil }
      }
      if abs(value) * scale > 1e12 { return nil }
    }
    return decimals
  }
}
