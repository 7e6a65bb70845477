// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// What a column says of a row, as features of total variance 1 over the rows at hand: so columns
/// of any kind count alike in a profile.
///
/// - A quantity: its rank, and whether it is missing.
/// - A time: its rank, the place on the clock (two coordinates), and whether it is missing.
/// - A categorical column: an indicator of each of its most frequent categories, and one of all the
///   others.
struct ColumnTrait: Sendable {
  /// A number for each row, one array for each feature; none for a category.
  private let scalars: [[Float]]
  /// For each row the indicator that is 1; none for other columns.
  private let codes: [UInt8]
  let featureCount: Int
  /// What features are divided by.
  let deviation: Float

  private static let maxIndicators = 32
  private static let secondsPerDay = 86_400.0

  /// The traits of all columns but one that say something: neither keys nor single values.
  /// O(columns x rows log rows).
  static func all(
    of table: Table, rows: [Int], columns: [ColumnCodec], without excluded: Int,
    relations: [ColumnRelation]
  ) -> [ColumnTrait] {
    let looked = min(columns.count, CategoryGrouping.maxTraits)
    return (0..<looked).compactMap { index in
      let c = index * columns.count / looked
      let column = columns[c]
      guard c != excluded, column.identifiers == nil,
        let values = table[column.name]?.selecting(rows)
      else { return nil }
      let numbers = values.encodableNumbers
      // What others determine has its own values, whatever is left of it to encode.
      let isLookedUp = relations.contains { relation in
        if case .dependency(let found) = relation { found.target == column.name } else { false }
      }
      if isLookedUp, case .text = column.storage { return ColumnTrait(category: numbers) }
      if isLookedUp { return ColumnTrait(quantity: numbers, clock: false) }
      switch (column.encoder, column.storage) {
      case (.constant, _): return nil
      // What a relation leaves of a quantity may be a category.
      case (.category, _) where !relations.contains { $0.target == column.name }:
        return ColumnTrait(category: numbers)
      case (_, .datetime): return ColumnTrait(quantity: numbers, clock: true)
      default: return ColumnTrait(quantity: numbers, clock: false)
      }
    }
  }

  /// Nil where all rows are the same.
  private init?(category values: [Double]) {
    var counts: [Double: Int] = [:]
    // A missing value is a category like the others.
    let keys = values.map { $0.isNaN ? .infinity : $0 + 0 }
    for key in keys { counts[key, default: 0] += 1 }
    let frequent = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(Self.maxIndicators - 1)
    var positions: [Double: UInt8] = [:]
    for (index, category) in frequent.enumerated() { positions[category.key] = UInt8(index) }
    let rest = UInt8(frequent.count)
    scalars = []
    codes = keys.map { positions[$0] ?? rest }
    featureCount = frequent.count + (counts.count > frequent.count ? 1 : 0)
    var shares = [Double](repeating: 0, count: featureCount)
    for code in codes { shares[Int(code)] += 1 / Double(codes.count) }
    // The sum of the indicators' variances.
    let variance = 1 - shares.reduce(0) { $0 + $1 * $1 }
    guard variance > 1e-9 else { return nil }
    deviation = Float(variance.squareRoot())
  }

  /// Nil where all rows are the same.
  private init?(quantity values: [Double], clock: Bool) {
    var scalars = [Self.ranks(values)]
    if clock {
      let angles = values.map { value in
        2 * Double.pi * (value / Self.secondsPerDay - (value / Self.secondsPerDay).rounded(.down))
      }
      scalars.append(angles.map { $0.isNaN ? 0 : Float(cos($0)) })
      scalars.append(angles.map { $0.isNaN ? 0 : Float(sin($0)) })
    }
    if values.contains(where: \.isNaN) { scalars.append(values.map { $0.isNaN ? 1 : 0 }) }
    let variance = scalars.reduce(0.0) { $0 + Self.variance($1) }
    guard variance > 1e-9 else { return nil }
    self.scalars = scalars
    codes = []
    featureCount = scalars.count
    deviation = Float(variance.squareRoot())
  }

  /// Ranks from -1 to 1, equal values the middle of theirs, missing ones 0.
  private static func ranks(_ values: [Double]) -> [Float] {
    let order = values.indices.filter { !values[$0].isNaN }.sorted { values[$0] < values[$1] }
    var ranks = [Float](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
      let rank = Float(Double(start + end) / Double(order.count) - 1)
      for index in start..<end { ranks[order[index]] = rank }
      start = end
    }
    return ranks
  }

  private static func variance(_ values: [Float]) -> Double {
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    return values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      / Double(values.count)
  }

  /// Adds the features of each row to the sums of its category, `featureCount` numbers for each.
  func add(categories: [Int], to sums: inout [Double]) {
    for (row, code) in codes.enumerated() { sums[categories[row] * featureCount + Int(code)] += 1 }
    for (feature, values) in scalars.enumerated() {
      for (row, value) in values.enumerated() {
        sums[categories[row] * featureCount + feature] += Double(value)
      }
    }
  }
}
