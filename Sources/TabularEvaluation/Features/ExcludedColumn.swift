// SPDX-License-Identifier: Apache-2.0

/// A column that is not compared.
public struct ExcludedColumn: Sendable, Codable, Equatable {
  /// Why a column is not compared.
  public enum Reason: String, Error, Sendable, Codable, CaseIterable {
    /// Numbers that are all different, and either ascending or named like a key.
    case id
    /// Text that is different in most rows.
    case distinctText = "distinct_text"
    /// The column has no values.
    case empty
    /// Another table has the column, but the train table does not.
    case notInTrain = "not_in_train"
  }

  /// The name of the column.
  public var column: String
  /// Why the column is not compared.
  public var reason: Reason

  /// The reason in words.
  public var text: String {
    switch reason {
    case .id: "an id: numbers that are all different"
    case .distinctText: "an id or free text: different in most rows"
    case .empty: "without any value"
    case .notInTrain: "not in the train table"
    }
  }
}
