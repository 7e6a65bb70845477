/// What a user should know about how a table was understood: a column whose values are not learned
/// but made up, or whose text was read in one of several possible ways.
///
/// Notes are about the table and its schema; they say what happened, and nothing failed.
public struct SchemaNote: Sendable, Codable, Equatable, CustomStringConvertible {
  /// What a note is about, for programs.
  public enum Topic: String, Sendable, Codable, CaseIterable {
    /// Keys: generated rows get new ones.
    case id
    /// Text that is different in (nearly) every row and reads like prose: generated rows get keys.
    case freeText
    /// A category with very many levels.
    case manyLevels
    /// Columns that another table lacks.
    case notCompared
    /// How the file was read: its encoding, header, lines that were passed over.
    case file
    /// A table with hardly any rows.
    case fewRows
    /// Dates that can be read with day and month exchanged.
    case dayAndMonth
    /// Texts beside numbers or times that are taken for missing values.
    case missingText
    /// Times with several offsets from UTC, which are converted to UTC.
    case timeZone
    /// Times with more than millionths of a second, which are cut off.
    case precision
    /// Numbers that are kept as text, because their digits say more than their value.
    case code
    /// Numbers or times for the most part, which are text because of the others.
    case mixedText
  }

  /// The column, or nil where the note is about the whole table.
  public var column: String?
  public var topic: Topic
  /// What a user should know, on one line, without the column's name.
  public var text: String

  public init(column: String? = nil, topic: Topic, text: String) {
    self.column = column
    self.topic = topic
    self.text = text
  }

  /// The text after the column's name, if there is one.
  public var description: String { column.map { "column '\($0)': \(text)" } ?? text }
}

extension SchemaNote {
  /// Tables with fewer rows say hardly anything about a distribution.
  static let enoughRows = 100
  /// A category with more levels than this, or with fewer rows than 20 for each level, is worth a
  /// note; one with few enough levels for a position each never is.
  private static let manyLevels = 1000
  private static let rowsPerLevel = 20

  /// All notes on a table, in the order of its columns, those on the whole table first. O(cells) at
  /// most.
  public static func all(on table: Table, schema: Schema) -> [SchemaNote] {
    (fewRows(table.rowCount).map { [$0] } ?? [])
      + table.columns.flatMap { column in schema[column.name].map { all(on: column, $0) } ?? [] }
  }

  /// The note on a table of so many rows; nil where they are enough to learn something from.
  public static func fewRows(_ count: Int) -> SchemaNote? {
    guard count > 0, count < enoughRows else { return nil }
    return SchemaNote(
      topic: .fewRows,
      text: "only \(count) row\(count == 1 ? "" : "s"): too few to learn a distribution from; "
        + "generated rows can hardly be other than copies or noise")
  }

  private static func all(on column: Column, _ schema: ColumnSchema) -> [SchemaNote] {
    let rows = column.count - column.missingCount
    switch (schema.kind, column.values) {
    case (.id, .text):
      return [
        SchemaNote(
          column: schema.name, topic: .id,
          text: "taken for an id (\(schema.distinctCount) distinct values in \(rows) rows): not "
            + "learned, generated rows get new keys")
      ]
    case (.text, _):
      return [
        SchemaNote(
          column: schema.name, topic: .freeText,
          text: "free text (\(schema.distinctCount) distinct values in \(rows) rows): not learned, "
            + "generated rows get made-up texts")
      ]
    case (.id, _):
      return [
        SchemaNote(
          column: schema.name, topic: .id,
          text: "taken for an id (\(schema.distinctCount) distinct numbers in \(rows) rows): not "
            + "learned, generated rows get new ones")
      ]
    case (.categorical, _):
      let levels = schema.distinctCount
      guard levels > LevelGrouping.mostLevelsUngrouped,
        levels > manyLevels || levels * rowsPerLevel > rows
      else { return [] }
      return [
        SchemaNote(
          column: schema.name, topic: .manyLevels,
          text: "\(levels) levels in \(rows) rows: too few rows for most levels to learn each by "
            + "itself; the preset default learns rare levels in groups")
      ]
    default: return []
    }
  }
}
