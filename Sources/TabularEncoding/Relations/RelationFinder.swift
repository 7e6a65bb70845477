// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Finds the relations that hold in nearly all rows of a table.
///
/// - A time that comes after another in 99 % of the rows, and is closer to it in the median than a
///   twentieth of its own range, is encoded as the difference from the closest such time. Where a
///   column of numbers equals that difference to a second in 99 % of the rows, the residual after
///   subtracting both is encoded.
/// - A quantity of at most four decimals that is the sum of others in 99 % of the rows, up to a
///   residual that takes at most four values there (0, a cent of rounding, a fee that has no
///   column), is encoded as that residual. The parts are found on 4,000 evenly spaced rows by
///   ``SumSearch``; a missing part is 0. Then all rows are tested.
/// - A part of such a sum that is in many rows one of a few percentages of the other parts is
///   encoded as the rule that it follows (``RateRelation``).
/// - A quantity of at most four decimals that is the product or the quotient of two others in 99 %
///   of the rows, up to at most four residuals, is encoded as that residual (``ProductSearch``).
///   None of the three may have missing values.
/// - A longitude is encoded as its rank among the rows of about the same latitude
///   (``ConditionalRank``).
/// - A quantity that is a linear function of one other in 99 % of the rows, up to at most four
///   residuals, is encoded as that residual (``AffineSearch``): 20 % of a price, a length in
///   another unit.
/// - A column that one or two others determine is looked up (``DependencySearch``).
///
/// A column is the target of at most one relation and a part of any number of relations, without
/// cycles. Sums and linear functions hold in at least 40 rows in which the target is not its most
/// frequent value. With more than 128 columns, only columns within 32 places of each other are
/// compared (``ColumnPairs``). O(columns² x parts x 4,000 + relations x parts x rows), with many
/// columns O(columns x parts x 4,000).
struct RelationFinder {
  let table: Table
  let schema: Schema
  let sample: [Int]
  let kinds: [String: ColumnKind]

  static let share = 0.99
  private static let sampleSize = 4000
  static let minRows = 50
  /// The minimum number of rows that could refute a relation, and the minimum share of them in
  /// which it holds.
  static let minInformativeRows = 40
  static let informativeShare = 0.9
  /// Columns with fewer distinct values than this are encoded as categories instead.
  static let minValues = 26
  static let maxDecimals = 4
  static let maxResiduals = 4

  init(table: Table, schema: Schema) {
    self.table = table
    self.schema = schema
    kinds = Dictionary(
      schema.columns.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
    let rows = table.rowCount
    sample =
      rows <= Self.sampleSize
      ? Array(0..<rows) : (0..<Self.sampleSize).map { $0 * rows / Self.sampleSize }
  }

  /// The relations, sorted so that the targets can be computed one after the other.
  ///
  /// - Parameter onProgress: called with the share of the columns that were examined; an error it
  ///   throws ends the search.
  func relations(onProgress: (Double) throws -> Void = { _ in }) rethrows -> [ColumnRelation] {
    guard table.rowCount >= Self.minRows else { return [] }
    var found = RelationOrder(differences().map { ColumnRelation.sum($0) })
    for index in table.columns.indices {
      try onProgress(0.5 * Double(index) / Double(table.columns.count))
      if let relation = sum(at: index, beside: found) {
        if let rate = rate(in: relation), !found.targets.contains(rate.target),
          !rate.parts.contains(where: { found.computes($0, from: rate.target) })
        {
          found.append(.rate(rate))
        }
        found.append(.sum(relation))
      }
    }
    for product in products(beside: found).reversed() { found.insert(.product(product), at: 0) }
    try onProgress(0.5)
    for affine in AffineSearch(self, beside: found).relations() { found.append(.affine(affine)) }
    let locations = CoordinateColumns.all(in: table, sample: sample)
    for rank in locations.compactMap({ rank($0, not: found.columns) }) { found.append(.rank(rank)) }
    let dependencies = try dependencies(
      beside: found, onProgress: { try onProgress(0.5 + 0.5 * $0) })
    return found.ordered() + dependencies.map { .dependency($0) }
  }

  /// Products and quotients of columns that are not computed themselves.
  private func products(beside found: RelationOrder) -> [ProductRelation] {
    let free = table.columns.filter { isAmount($0) && !found.targets.contains($0.name) }
    let search = ProductSearch(
      columns: free.compactMap { column in
        guard column.missingCount == 0 else { return nil }
        return ProductSearch.Candidate(
          name: column.name, values: sample.map { column.numbers![$0] },
          decimals: isQuantity(column) ? Self.decimals(column.numbers!) : nil)
      })
    return search.products { relation in
      let target = table[relation.target]!.numbers!.array
      return relationHolds(
        relation.residual(
          target: target, parts: relation.factors.map { table[$0]!.numbers!.array }),
        of: target)
    }
  }

  /// Columns that others determine, none of which is in another relation.
  private func dependencies(
    beside found: RelationOrder, onProgress: (Double) throws -> Void
  ) rethrows -> [FunctionalDependency] {
    let modeled = Set(
      table.columns.map(\.name).filter { name in
        kinds[name].map { !$0.isReplaced && $0 != .constant } ?? false
      })
    return try DependencySearch(
      table: table, targets: modeled.subtracting(found.columns),
      determinants: modeled.subtracting(found.targets)
    ).dependencies(onProgress: onProgress)
  }

  /// A part of a sum that is a percentage of the others: the one with the most values.
  private func rate(in relation: LinearRelation) -> RateRelation? {
    let parts = relation.parts.compactMap { table[$0] }.filter(isQuantity)
    // Missing values are left out: each would be a value of its own, and a set of them quadratic.
    let charges = parts.filter {
      Set($0.numbers!.lazy.filter { !$0.isNaN }).count >= Self.minValues
    }
    return charges.lazy.compactMap { charge -> RateRelation? in
      let others = relation.parts.filter { $0 != charge.name }
      guard !others.isEmpty, let decimals = Self.decimals(charge.numbers!) else { return nil }
      return RateRelation(
        target: charge.name, values: sample.map { charge.numbers![$0] }, parts: others,
        partValues: others.map { name in sample.map { table[name]!.numbers![$0] } },
        decimals: decimals)
    }.first
  }

  // MARK: Places

  /// A longitude by its rank along the parallel.
  private func rank(_ location: CoordinateColumns, not taken: Set<String>) -> ConditionalRank? {
    let (latitude, longitude) = (location.latitude, location.longitude)
    guard isQuantity(latitude), isQuantity(longitude),
      taken.isDisjoint(with: [latitude.name, longitude.name]),
      latitude.missingCount + longitude.missingCount + Self.minRows <= table.rowCount
    else { return nil }
    return ConditionalRank(
      target: longitude.name, given: latitude.name, values: longitude.numbers!.array,
      givenValues: latitude.numbers!.array, format: schema[longitude.name]?.numberFormat)
  }

  func isAmount(_ column: Column) -> Bool {
    guard case .number = column.values, let kind = kinds[column.name] else { return false }
    return !kind.isReplaced && kind != .constant
  }

  func isQuantity(_ column: Column) -> Bool {
    guard case .number = column.values, let kind = kinds[column.name] else { return false }
    return kind == .continuous || kind == .integer
  }
}
