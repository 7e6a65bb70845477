// SPDX-License-Identifier: Apache-2.0

/// How a column is evaluated.
///
/// This is coarser than `ColumnKind`, and it is inferred from the values alone, by the same rules
/// for every table, so that no schema can flatter a generator.
public enum ColumnRole: String, Sendable, Codable, CaseIterable {
  /// A number: compared by rank.
  case numeric
  /// One of a set of categories.
  case category
  /// A point in time: compared by rank, and the source of derived features.
  case datetime
}

/// A column that is evaluated: one of the table's own, or one that is derived from its datetimes.
public struct ComparedFeature: Sendable, Codable, Equatable {
  /// The column's name, or for a derived feature `x.hour`, `x.weekday` or `x->y.seconds`.
  public var name: String
  /// How it is evaluated.
  public var role: ColumnRole
  /// The datetimes it is derived from; empty for the table's own columns.
  public var parents: [String]

  /// A feature of that name, derived where `parents` are given.
  public init(name: String, role: ColumnRole, parents: [String] = []) {
    self.name = name
    self.role = role
    self.parents = parents
  }

  /// Whether the feature is derived and not one of the table's own columns.
  public var isDerived: Bool { !parents.isEmpty }
  /// Whether it takes categories and not quantities.
  public var isCategory: Bool { role == .category }

  /// Whether one of the two is derived from the other.
  func isRelated(to other: ComparedFeature) -> Bool {
    parents.contains(other.name) || other.parents.contains(name)
  }
}
