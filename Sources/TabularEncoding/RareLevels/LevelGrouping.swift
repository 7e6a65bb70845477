import WorkSharing
import Tabular

/// Joins the rare levels of categories that have very many to groups of levels that behave alike in
/// the other columns.
///
/// A level of a few rows cannot be learned by itself, but what it shares with others can: the
/// carrier of a tail number, the city of a postal code. A level that is one in 2,000 rows, and 50 of
/// them, keeps a position of its own, up to 200 of them; the others are clustered by their profiles
/// (``LevelProfiles``, ``LevelClusters``) to at most 64 groups, few enough for four levels and the
/// rows of a level of its own in each on average. A category of at most 128 levels stays as it is,
/// and so does one that would lose fewer than 32 positions.
struct LevelGrouping {
  let table: Table
  /// The columns as they were fitted, every level with a position of its own.
  let columns: [EncodedColumn]
  let relations: [ColumnRelation]
  let threads: Int

  static let mostLevelsUngrouped = SchemaNote.mostLevelsUngrouped
  static let mostOwnLevels = 200
  static let fewestOwnRows = 50
  static let ownRowsShare = 2000
  static let mostGroups = 64
  static let levelsPerGroup = 4
  static let leastSaving = 32
  /// Profiles are of at most this many rows, evenly spaced among those with a rare level.
  private static let sampleSize = 50_000
  /// Profiles cover at most this many of the other columns, evenly spaced; more hardly add
  /// information.
  static let mostTraits = 256

  /// The columns, those with very many levels with groups of them. Columns are worked on in
  /// parallel. O(rows x columns + levels x features x groups) for each of them.
  func groupedColumns() -> [EncodedColumn] {
    parallelMap(columns.count, threads: threads) { c in
      var column = columns[c]
      if case .category(let encoder) = column.encoder, let groups = groups(of: encoder, column: c) {
        column.encoder = .category(encoder.joining(groups))
      }
      return column
    }
  }

  /// The groups of a column's rare levels, those of the most rows first; nil where it has none.
  private func groups(of encoder: CategoryEncoder, column: Int) -> [LevelGroup]? {
    guard encoder.levels.count > Self.mostLevelsUngrouped,
      !relations.contains(where: { $0.target == columns[column].name }),
      let values = table[columns[column].name].map(\.encodableNumbers)
    else { return nil }
    let levels = encoder.levels
    // A missing value is none of them.
    let codes = values.map { value in value.isNaN ? -1 : levels.partitionIndex { $0 >= value } }
    var counts = [Int](repeating: 0, count: levels.count)
    for code in codes where code >= 0 { counts[code] += 1 }

    let needed = max(Self.fewestOwnRows, values.count / Self.ownRowsShare)
    let byCount = levels.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
    let own = min(Self.mostOwnLevels, byCount.prefix { counts[$0] >= needed }.count)
    let rare = Array(byCount[own...])
    let rareRows = rare.reduce(0) { $0 + counts[$1] }
    let most = max(
      1, min(Self.mostGroups, rare.count / Self.levelsPerGroup, rareRows / needed))
    guard rare.count - most >= Self.leastSaving else { return nil }

    var places = [Int](repeating: -1, count: levels.count)
    for (place, level) in rare.enumerated() { places[level] = place }
    let members = codes.indices.filter { codes[$0] >= 0 && places[codes[$0]] >= 0 }
    let size = min(members.count, Self.sampleSize)
    let rows = (0..<size).map { members[$0 * members.count / size] }
    let profiles = LevelProfiles(
      levels: rows.map { places[codes[$0]] }, levelCount: rare.count,
      traits: ColumnTrait.all(
        of: table, rows: rows, columns: columns, without: column, relations: relations))
    let clusters = LevelClusters(profiles, weights: rare.map { Float(counts[$0]) }, most: most)

    var groups = [[(level: Double, rows: Int)]](repeating: [], count: clusters.count)
    for (level, cluster) in zip(rare, clusters.assignment) {
      groups[cluster].append((levels[level], counts[level]))
    }
    return groups.filter { !$0.isEmpty }.map(LevelGroup.init)
      .sorted { ($1.rowCount, $0.levels[0]) < ($0.rowCount, $1.levels[0]) }
  }
}
