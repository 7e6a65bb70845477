// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// Finds the quantities that are a linear function of one other, up to rounding.
///
/// Two rows define a candidate line for a pair of columns, and a few probe rows reject most wrong
/// candidates. Slope and intercept are the shortest decimals that fit. Of both directions, the one
/// whose residual is the same in more rows is chosen. O(pairs), plus O(rows) for each pair that
/// passes the probes.
struct AffineSearch {
  /// A quantity with its values in the sample of rows.
  private struct Candidate {
    let index: Int
    let column: Column
    let values: [Double]
    package let distinct: Int
    /// Nil if values are not rounded.
    let decimals: Int?

    /// The distance of neighboring values.
    var unit: Double {
      if let decimals { return pow(10, -Double(decimals)) }
      let maximum = values.lazy.filter { !$0.isNaN }.map(abs).max() ?? 0
      return AffineRelation.precision * maximum
    }
  }

  private struct Line {
    var slope: Double
    var intercept: Double
  }

  private static let maxDecimals = 9
  /// The number of probe rows, and how many of them may be exceptions.
  private static let probes = 64
  private static let maxExceptions = 3
  /// The allowed rounding error, in units of the target's and the part's last decimal.
  private static let tolerance = 1.01

  private let finder: RelationFinder
  private var found: RelationOrder
  private let candidates: [Candidate]

  init(_ finder: RelationFinder, beside found: RelationOrder) {
    self.finder = finder
    self.found = found
    candidates = finder.table.columns.enumerated().compactMap { index, column in
      guard finder.isQuantity(column), let numbers = column.numbers else { return nil }
      let values = finder.sample.map { numbers[$0] }
      let distinct = Set(values.lazy.filter { !$0.isNaN }).count
      guard distinct >= RelationFinder.minValues else { return nil }
      return Candidate(
        index: index, column: column, values: values, distinct: distinct,
        decimals: RelationFinder.decimals(numbers, maximum: Self.maxDecimals))
    }
  }

  /// Relations that neither compute a column twice nor form a cycle.
  func relations() -> [AffineRelation] {
    var found = found
    var result: [AffineRelation] = []
    for second in candidates.indices {
      let near = ColumnPairs.indices(
        near: second, of: candidates.count, window: ColumnPairs.window)
      for first in near where first < second {
        let both = [(second, first), (first, second)].compactMap { target, part in
          relation(candidates[target], candidates[part], beside: found)
        }
        // A tie computes the later column.
        guard var best = both.first else { continue }
        if both.count == 2, both[1].share > best.share { best = both[1] }
        found.append(.affine(best.relation))
        result.append(best.relation)
        if found.targets.contains(candidates[second].column.name) { break }
      }
    }
    return result
  }

  /// The relation, if it holds, and the share of the rows with its most frequent residual.
  private func relation(
    _ target: Candidate, _ part: Candidate, beside found: RelationOrder
  ) -> (relation: AffineRelation, share: Double)? {
    guard !found.targets.contains(target.column.name),
      !found.computes(part.column.name, from: target.column.name),
      let rough = roughLine(target, part), let line = line(target, part, near: rough)
    else { return nil }
    let relation = AffineRelation(
      target: target.column.name, part: part.column.name, slope: line.slope,
      intercept: line.intercept, decimals: target.decimals)
    guard relation.isValid else { return nil }
    let (values, parts) = (target.column.numbers!.array, part.column.numbers!.array)
    // A target whose part is missing would be lost.
    guard !zip(values, parts).contains(where: { !$0.isNaN && $1.isNaN }) else { return nil }
    let residuals = ColumnRelation.affine(relation).residual(target: values, parts: [parts])
    guard finder.relationHolds(residuals, of: values) else { return nil }
    var counts: [Double: Int] = [:]
    for residual in residuals where !residual.isNaN { counts[residual, default: 0] += 1 }
    return (relation, Double(counts.values.max() ?? 0) / Double(residuals.count))
  }

  /// The line through two rows that nearly all probe rows lie on.
  private func roughLine(_ target: Candidate, _ part: Candidate) -> Line? {
    let size = target.values.count
    let step = max(size / Self.probes, 1)
    let rows = stride(from: 0, to: size, by: step)
      .filter { !target.values[$0].isNaN && !part.values[$0].isNaN }
      .sorted { (part.values[$0], $0) < (part.values[$1], $1) }
    guard rows.count >= 16 else { return nil }
    let last = rows.count - 1
    // The outermost rows give the best estimate of the slope, unless one of them is an exception.
    for (low, high) in [(0, last), (last / 16, last - last / 16), (last / 4, last - last / 4)] {
      let (a, b) = (rows[low], rows[high])
      let width = part.values[b] - part.values[a]
      let slope = (target.values[b] - target.values[a]) / width
      guard slope.isFinite, slope != 0 else { continue }
      let unit = Self.tolerance * (target.unit + abs(slope) * part.unit)
      var exceptions = 0
      for row in rows {
        let distance = part.values[row] - part.values[a]
        let error = target.values[row] - target.values[a] - slope * distance
        if !(abs(error) <= unit * (1 + abs(distance / width))) { exceptions += 1 }
        if exceptions > Self.maxExceptions { break }
      }
      if exceptions <= Self.maxExceptions {
        return Line(slope: slope, intercept: target.values[a] - slope * part.values[a])
      }
    }
    return nil
  }

  /// The least-squares line of the rows near the rough line, with the shortest decimals that fit.
  private func line(_ target: Candidate, _ part: Candidate, near rough: Line) -> Line? {
    let unit = target.unit + abs(rough.slope) * part.unit
    var rows: [(x: Double, y: Double)] = []
    for (x, y) in zip(part.values, target.values)
    where abs(y - rough.slope * x - rough.intercept) <= 4 * unit { rows.append((x, y)) }
    guard rows.count >= RelationFinder.minRows else { return nil }
    let count = Double(rows.count)
    let mean = (x: rows.reduce(0) { $0 + $1.x / count }, y: rows.reduce(0) { $0 + $1.y / count })
    let xx = rows.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) }
    let xy = rows.reduce(0) { $0 + ($1.x - mean.x) * ($1.y - mean.y) }
    let reach = rows.reduce(0) { max($0, abs($1.x)) }
    guard xx > 0, reach > 0 else { return nil }
    let slope = Self.shortest(xy / xx, within: 0.25 * target.unit / reach)
    let residuals = rows.map { $0.y - slope * $0.x }.sorted()
    let intercept = Self.shortest(residuals[residuals.count / 2], within: 0.5 * target.unit)
    return Line(slope: slope, intercept: intercept)
  }

  /// The decimal with the fewest digits within a distance of the value.
  private static func shortest(_ value: Double, within distance: Double) -> Double {
    if abs(value) <= distance { return 0 }
    for digits in 1...15 {
      let rounded = Double(String(format: "%.\(digits - 1)e", value)) ?? value
      if abs(rounded - value) <= distance { return rounded }
    }
    return value
  }
}
