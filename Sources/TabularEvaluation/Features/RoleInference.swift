// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The rules by which a column is given a role, or left out.
enum RoleInference {
  /// Whole-number columns with at most this many values are categories.
  static let integerCategoryLimit = 20

  /// The role of a column, or the reason why it has none.
  static func role(
    name: String, values: ComparedValues
  ) -> Result<ColumnRole, ExcludedColumn.Reason> {
    switch values {
    case .number(let all):
      let present = all.filter { !$0.isNaN }
      if present.isEmpty { return .failure(.empty) }
      if !present.allSatisfy({ $0 == $0.rounded() }) { return .success(.numeric) }
      let distinct = Set(present).count
      if distinct <= integerCategoryLimit { return .success(.category) }
      let isUnique = distinct == present.count
      let isAscending = zip(present, present.dropFirst()).allSatisfy { $0 <= $1 }
      return isUnique && (isAscending || isNamedLikeKey(name))
        ? .failure(.id) : .success(.numeric)
    case .datetime(let all):
      return all.contains { !$0.isNaN } ? .success(.datetime) : .failure(.empty)
    case .text(let codes, let categories):
      let present = codes.filter { $0 >= 0 }
      if present.isEmpty { return .failure(.empty) }
      let head = present.prefix(1000)
      let dates = DatetimeTexts.times(head.map { categories[Int($0)] }).count { !$0.isNaN }
      if Double(dates) > 0.95 * Double(head.count) { return .success(.datetime) }
      let distinct = Set(present).count
      return Double(distinct) > max(50, Double(present.count) / 2)
        ? .failure(.distinctText) : .success(.category)
    }
  }

  private static func isNamedLikeKey(_ name: String) -> Bool {
    let lower = name.lowercased()
    if lower.hasPrefix("unnamed") { return true }
    return ["id", "index", "key", "uuid"].contains { lower == $0 || lower.hasSuffix("_" + $0) }
  }
}
