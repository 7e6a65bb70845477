import Tabular
import WorkSharing

/// Learns the columns from the train table and turns any table with the same columns into features.
///
/// Numbers stay, datetimes become seconds since 1970, categories become codes; a level that the
/// train table does not have gets a code of its own. Each datetime also yields its hour and
/// weekday, and each pair among the first three datetimes the seconds between them.
package struct FeatureEncoder: Sendable {
  /// Rarer text levels than the 200 most frequent are lumped together.
  static let textLevels = 200

  /// The table's own columns in their order, then the derived features.
  package let features: [JudgedFeature]
  /// Columns that are not judged: ids, free text and empty columns.
  package let excluded: [ExcludedColumn]
  package var leftOut: [String] { excluded.map(\.column) }
  private let codeOf: [String: [String: Int]]
  private let dates: [String]

  /// O(columns x rows).
  package init(train: Table, threads: Int = 1) {
    let learned = parallelMap(train.columns.count, threads: threads) {
      index -> (role: Result<ColumnRole, ExcludedColumn.Reason>, codes: [String: Int]) in
      let column = train.columns[index]
      let values = JudgedValues(column)
      let role = RoleInference.role(name: column.name, values: values)
      return (role, role == .success(.category) ? Self.levelCodes(values) : [:])
    }
    var own: [JudgedFeature] = []
    var excluded: [ExcludedColumn] = []
    var codes: [String: [String: Int]] = [:]
    for (column, result) in zip(train.columns, learned) {
      switch result.role {
      case .failure(let reason):
        excluded.append(ExcludedColumn(column: column.name, reason: reason))
      case .success(let role):
        own.append(JudgedFeature(name: column.name, role: role, parents: []))
        if role == .category { codes[column.name] = result.codes }
      }
    }
    let dates = own.filter { $0.role == .datetime }.map(\.name)
    var derived: [JudgedFeature] = []
    for date in dates {
      for part in ["hour", "weekday"] {
        derived.append(JudgedFeature(name: "\(date).\(part)", role: .category, parents: [date]))
      }
    }
    for (i, first) in dates.prefix(3).enumerated() {
      for second in dates.prefix(3).dropFirst(i + 1) {
        derived.append(
          JudgedFeature(
            name: "\(first)->\(second).seconds", role: .numeric, parents: [first, second]))
      }
    }
    features = own + derived
    self.excluded = excluded
    codeOf = codes
    self.dates = dates
  }

  /// Codes of the most frequent levels, in the order of their names.
  private static func levelCodes(_ values: JudgedValues) -> [String: Int] {
    let (codes, levels) = values.levels
    var counts: [String: Int] = [:]
    for code in codes where code >= 0 { counts[levels[Int(code)], default: 0] += 1 }
    // The order of the names settles ties, so that nothing depends on the order of a dictionary.
    let kept = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(textLevels)
    let named = kept.map(\.key).sorted()
    return Dictionary(uniqueKeysWithValues: named.enumerated().map { ($1, $0) })
  }

  /// The features of `table`.
  ///
  /// Throws where it lacks a judged column; `part` names it in the error.
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
      let values = JudgedValues(found[index])
      switch own[index].role {
      case .numeric: return values.quantities
      case .datetime: return values.times
      case .category:
        let known = codeOf[own[index].name]!
        let (codes, levels) = values.levels
        let coded = levels.map { Double(known[$0] ?? known.count) }
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
        columns.append(first.map { Self.place($0, unit: 3600, cycle: 24, shift: 0) })
      } else {
        // 1970-01-01 was a Thursday; weeks begin on Monday.
        columns.append(first.map { Self.place($0, unit: 86_400, cycle: 7, shift: 3) })
      }
    }
    return FeatureTable(features: features, columns: columns)
  }

  private static func place(_ time: Double, unit: Double, cycle: Double, shift: Double) -> Double {
    let steps = (time / unit).rounded(.down) + shift
    return steps - cycle * (steps / cycle).rounded(.down)
  }
}
