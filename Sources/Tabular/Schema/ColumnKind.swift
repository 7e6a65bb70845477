// SPDX-License-Identifier: Apache-2.0

/// What the values of a column mean, which decides how it is modeled and evaluated.
public enum ColumnKind: String, Sendable, Codable, CaseIterable {
  /// A quantity on the real line, such as a distance.
  case continuous
  /// A whole-number quantity with too many values for a category, such as seconds.
  case integer
  /// One of a set of categories, text or number.
  case categorical
  /// Two opposite categories, such as Y/N or true/false.
  case boolean
  /// A point in time.
  case datetime
  /// One value in every row.
  case constant
  /// A key that is unique in every row: never modeled, replaced by new keys in generated rows.
  case id
  /// Free text, different in (nearly) every row: never modeled, replaced by random text.
  case text
}

extension ColumnKind {
  /// Whether values are replaced by generated ones rather than learned.
  public var isReplaced: Bool { self == .id || self == .text }
}
