// SPDX-License-Identifier: Apache-2.0

import WorkSharing
import Tabular

/// Joins the rare categories of categorical columns that have very many to groups of categories
/// that behave alike in the other columns.
///
/// A category of a few rows cannot be learned by itself, but what it shares with others can: the
/// carrier of a tail number, the city of a postal code. A category that is one in 2,000 rows, and
/// 50 of them, keeps a position of its own, up to 200 of them; the others are clustered by their
/// profiles (``CategoryProfiles``, ``CategoryClusters``) to at most 64 groups, few enough for four
/// categories and the rows of a category of its own in each on average. A categorical column of at
/// most 128 categories stays as it is, and so does one that would lose fewer than 32 positions.
struct CategoryGrouping {
  let table: Table
  /// The columns as they were fitted, every category with a position of its own.
  let columns: [ColumnCodec]
  let relations: [ColumnRelation]
  let threads: Int

  static let maxCategoriesUngrouped = SchemaNote.maxCategoriesUngrouped
  static let maxOwnCategories = 200
  static let minOwnRows = 50
  static let ownRowsShare = 2000
  static let maxGroups = 64
  static let categoriesPerGroup = 4
  static let minSaving = 32
  /// Profiles are of at most this many rows, evenly spaced among those with a rare category.
  private static let sampleSize = 50_000
  /// Profiles cover at most this many of the other columns, evenly spaced; more hardly add
  /// information.
  static let maxTraits = 256

  /// The columns, those with very many categories with groups of them. Columns are worked on in
  /// parallel. O(rows x columns + categories x features x groups) for each of them.
  func groupedColumns() -> [ColumnCodec] {
    parallelMap(columns.count, threads: threads) { c in
      var column = columns[c]
      if case .category(let encoder) = column.encoder, let groups = groups(of: encoder, column: c) {
        column.encoder = .category(encoder.joining(groups))
      }
      return column
    }
  }

  /// The groups of a column's rare categories, those of the most rows first; nil where it has none.
  private func groups(of encoder: CategoryEncoder, column: Int) -> [CategoryGroup]? {
    guard encoder.categories.count > Self.maxCategoriesUngrouped,
      !relations.contains(where: { $0.target == columns[column].name }),
      let values = table[columns[column].name].map(\.encodableNumbers)
    else { return nil }
    let categories = encoder.categories
    // A missing value is none of them.
    let codes = values.map { value in value.isNaN ? -1 : categories.partitionIndex { $0 >= value } }
    var counts = [Int](repeating: 0, count: categories.count)
    for code in codes where code >= 0 { counts[code] += 1 }

    let needed = max(Self.minOwnRows, values.count / Self.ownRowsShare)
    let byCount = categories.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
    let own = min(Self.maxOwnCategories, byCount.prefix { counts[$0] >= needed }.count)
    let rare = Array(byCount[own...])
    let rareRows = rare.reduce(0) { $0 + counts[$1] }
    let maximum = max(
      1, min(Self.maxGroups, rare.count / Self.categoriesPerGroup, rareRows / needed))
    guard rare.count - maximum >= Self.minSaving else { return nil }

    var positions = [Int](repeating: -1, count: categories.count)
    for (index, category) in rare.enumerated() { positions[category] = index }
    let members = codes.indices.filter { codes[$0] >= 0 && positions[codes[$0]] >= 0 }
    let size = min(members.count, Self.sampleSize)
    let rows = (0..<size).map { members[$0 * members.count / size] }
    let profiles = CategoryProfiles(
      categories: rows.map { positions[codes[$0]] }, categoryCount: rare.count,
      traits: ColumnTrait.all(
        of: table, rows: rows, columns: columns, without: column, relations: relations))
    let clusters = CategoryClusters(
      profiles, weights: rare.map { Float(counts[$0]) }, maximum: maximum)

    var groups = [[(category: Double, rows: Int)]](repeating: [], count: clusters.count)
    for (category, cluster) in zip(rare, clusters.assignment) {
      groups[cluster].append((categories[category], counts[category]))
    }
    return groups.filter { !$0.isEmpty }.map(CategoryGroup.init)
      .sorted { ($1.rowCount, $0.categories[0]) < ($0.rowCount, $1.categories[0]) }
  }
}
