// SPDX-License-Identifier: Apache-2.0

import Tabular
import WorkSharing

/// Learns the columns from the train table and turns any table with the same columns into features.
///
/// Numbers stay, datetimes become seconds since 1970, categorical columns become codes; a category
/// that the train table does not have gets a code of its own. Each datetime also yields its hour
/// and weekday, and each pair among the first three datetimes the seconds between them.
package struct FeatureEncoder: Sendable {
  /// Rarer text values than the 200 most frequent are lumped together.
  static let textCategoryLimit = 200

  /// The table's own columns in their order, then the derived features.
  package let features: [ComparedFeature]
  /// Columns that are not evaluated: ids, free text and empty columns.
  package let excluded: [ExcludedColumn]
  package var excludedNames: [String] { excluded.map(\.column) }
  private let codeOf: [String: [String: Int]]
  private let dates: [String]

  /// O(columns x rows).
  package init(train: Table, threads: Int = 1) {
    let learned = parallelMap(train.columns.count, threads: threads) {
      index -> (role: Result<ColumnRole, ExcludedColumn.Reason>, codes: [String: Int]) in
      let column = train.columns[index]
      let values = ComparedValues(column)
      let role = RoleInference.role(name: column.name, values: values)
      return (role, role == .success(.category) ? Self.categoryCodes(values) : [:])
    }
    var own: [ComparedFeature] = []
    var excluded: [ExcludedColumn] = []
    var codes: [String: [String: Int]] = [:]
    for (column, result) in zip(train.columns, learned) {
      switch result.role {
      case .failure(let reason):
        excluded.append(ExcludedColumn(column: column.name, reason: reason))
      case .success(let role):
        own.append(ComparedFeature(name: column.name, role: role, parents: []))
        if role == .category { codes[column.name] = result.codes }
      }
    }
    let dates = own.filter { $0.role == .datetime }.map(\.name)
    var derived: [ComparedFeature] = []
    for date in dates {
      for part in ["hour", "weekday"] {
        derived.append(ComparedFeature(name: "\(date).\(part)", role: .category, parents: [date]))
      }
    }
    for (i, first) in dates.prefix(3).enumerated() {
      for second in dates.prefix(3).dropFirst(i + 1) {
        derived.append(
          ComparedFeature(
            name: "\(first)->\(second).seconds", role: .numeric, parents: [first, second]))
      }
    }
    features = own + derived
    self.excluded = excluded
    codeOf = codes
    self.dates = dates
  }

  /// Codes of the most frequent categories, in the order of their names.
  private static func categoryCodes(_ values: ComparedValues) -> [String: Int] {
    let (codes, categories) = values.categories
    var counts: [String: Int] = [:]
    for code in codes where code >= 0 { counts[categories[Int(code)], default: 0] += 1 }
    // The order of the names settles ties, so that nothing depends on the order of a dictionary.
    let kept = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(textCategoryLimit)
    let named = kept.map(\.key).sorted()
    return Dictionary(uniqueKeysWithValues: named.enumerated().map { ($1, $0) })
  }

  /// The features of `table`.
  ///
  /// Throws where it lacks an evaluated column; `part` names it in the error.
  package func callAsFunction(
    _ table: Table, part: String, threads: Int = 1
  ) throws(EvaluationError) -> FeatureTable {
    let own = features.filter { !$0.isDerived }
    var sources: [Column] = []
    for feature in own {
      guard let column = table[feature.name] else {
        let missing = own.map(\.name).filter { table[$0] == nil }
        throw .missingColumns(table: part, columns: missing)
      }
      sources.append(column)
    }
    let found = sources
    var columns = parallelMap(own.count, threads: threads) { index -> [Double] in
      let values = ComparedValues(found[index])
      switch own[index].role {
      case .numeric: return values.quantities
      case .datetime: return values.times
      case .category:
        let known = codeOf[own[index].name]!
        let (codes, categories) = values.categories
        let coded = categories.map { Double(known[$0] ?? known.count) }
        return codes.map { $0 < 0 ? .nan : coded[Int($0)] }
      }
    }
    let timeOf = Dictionary(
      uniqueKeysWithValues: dates.map { date in
        (date, columns[own.firstIndex { $0.name == date }!])
      })
    for feature in features where feature.isDerived {
      let first = timeOf[feature.parents[0]]!
      if feature.parents.count == 2 {
        columns.append(zip(timeOf[feature.parents[1]]!, first).map { $0 - $1 })
      } else if feature.name.hasSuffix(".hour") {
        columns.append(first.map { Self.position($0, unit: 3600, cycle: 24, shift: 0) })
      } else {
        // 1970-01-01 was a Thursday; weeks begin on Monday.
        columns.append(first.map { Self.position($0, unit: 86_400, cycle: 7, shift: 3) })
      }
    }
    return FeatureTable(features: features, columns: columns)
  }

  private static func position(_ time: Double, unit: Double, cycle: Double, shift: Double) -> Double
  {
    let steps = (time / unit).rounded(.down) + shift
    return steps - cycle * (steps / cycle).rounded(.down)
  }
}
