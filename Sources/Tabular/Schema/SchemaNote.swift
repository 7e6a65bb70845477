// SPDX-License-Identifier: Apache-2.0

/// A note on how a table was interpreted, such as a column whose values are random instead of
/// learned, or whose text can be read in several ways.
///
/// Notes describe the table and its schema; they are not errors.
public struct SchemaNote: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The topic of a note, for programs.
  public enum Topic: String, Sendable, Codable, CaseIterable {
    /// Keys: generated rows get new ones.
    case id
    /// Prose that is different in (nearly) every row: generated rows get random text.
    case freeText
    /// A categorical column with very many categories.
    case manyCategories
    /// Columns that the other table lacks.
    case notCompared
    /// How the file was read: its encoding, header and skipped lines.
    case file
    /// A table with very few rows.
    case fewRows
    /// Dates that can be read with day and month swapped.
    case dayAndMonth
    /// Texts among numbers or times that are treated as missing values.
    case missingText
    /// Times with different UTC offsets, which are converted to UTC.
    case timeZone
    /// Times with a finer resolution than microseconds, which are truncated.
    case precision
    /// Numbers that are kept as text because their digits hold more than their value.
    case code
    /// Blanks around numbers or times that vary, and are removed.
    case spaces
    /// A column of mostly numbers or times that is read as text because of the other values.
    case mixedText
  }

  /// The column, or nil if the note is about the whole table.
  public var column: String?
  /// What the note is about.
  public var topic: Topic
  /// The note, on one line, without the column's name.
  public var text: String

  /// Creates a note on a column or, by default, on the whole table.
  public init(column: String? = nil, topic: Topic, text: String) {
    self.column = column
    self.topic = topic
    self.text = text
  }

  /// The text, preceded by the column's name if there is one.
  public var description: String { column.map { "column '\($0)': \(text)" } ?? text }
}

extension SchemaNote {
  /// Tables with fewer rows get a note: they hardly show a distribution.
  static let enoughRows = 100
  /// A categorical column with more categories than this, or with fewer than 20 rows per category,
  /// gets a note, unless it has few enough categories to be encoded without groups.
  private static let manyCategories = 1000
  /// Categorical columns with at most this many categories are encoded without groups of rare
  /// categories.
  package static let maxCategoriesUngrouped = 128
  private static let rowsPerCategory = 20

  /// All notes on a table: those on the whole table, then those on its columns, in order. O(cells)
  /// at most.
  public static func all(on table: Table, schema: Schema) -> [SchemaNote] {
    (fewRows(table.rowCount).map { [$0] } ?? [])
      + table.columns.flatMap { column in schema[column.name].map { all(on: column, $0) } ?? [] }
  }

  /// The note on a table with too few rows; nil if `count` rows are enough.
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
          text: "treated as an id (\(schema.distinctCount) distinct values in \(rows) rows): not "
            + "learned, generated rows get new keys")
      ]
    case (.text, _):
      return [
        SchemaNote(
          column: schema.name, topic: .freeText,
          text: "free text (\(schema.distinctCount) distinct values in \(rows) rows): not learned, "
            + "generated rows get random text")
      ]
    case (.id, _):
      return [
        SchemaNote(
          column: schema.name, topic: .id,
          text: "treated as an id (\(schema.distinctCount) distinct numbers in \(rows) rows): not "
            + "learned, generated rows get new ones")
      ]
    case (.categorical, _):
      let categories = schema.distinctCount
      guard categories > maxCategoriesUngrouped,
        categories > manyCategories || categories * rowsPerCategory > rows
      else { return [] }
      return [
        SchemaNote(
          column: schema.name, topic: .manyCategories,
          text:
            "\(categories) categories in \(rows) rows: too few rows for most categories to learn each by "
            + "itself; the preset default learns rare categories in groups")
      ]
    default: return []
    }
  }
}
