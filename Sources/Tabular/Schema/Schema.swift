// SPDX-License-Identifier: Apache-2.0

/// The columns of a table in their order, as inferred from data or read from a file.
public struct Schema: Sendable, Codable, Equatable {
  /// The columns, in the order of the table.
  public var columns: [ColumnSchema] { didSet { columnIndices = nil } }
  /// The dialect of the file that contains the columns.
  public var dialect: CSVDialect
  /// The index of each column by name; nil once a column was changed.
  private var columnIndices: [String: Int]?

  /// Creates a schema; the first of several columns with the same name is found by name.
  public init(columns: [ColumnSchema], dialect: CSVDialect = CSVDialect()) {
    self.columns = columns
    self.dialect = dialect
    columnIndices = Dictionary(zip(columns.map(\.name), 0...)) { first, _ in first }
  }

  /// Whether columns and dialects are equal.
  public static func == (a: Schema, b: Schema) -> Bool {
    a.columns == b.columns && a.dialect == b.dialect
  }

  private enum CodingKeys: String, CodingKey { case columns, dialect }

  /// Decodes the columns and, if present, the dialect.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      columns: try container.decode([ColumnSchema].self, forKey: .columns),
      dialect: try container.decodeIfPresent(CSVDialect.self, forKey: .dialect) ?? CSVDialect())
  }

  /// Encodes the columns, and the dialect if it differs from RFC 4180's.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(columns, forKey: .columns)
    if dialect != CSVDialect() { try container.encode(dialect, forKey: .dialect) }
  }

  /// The column with the given name, or nil. O(1), or O(columns) once `columns` was changed.
  public subscript(name: String) -> ColumnSchema? {
    guard let columnIndices else { return columns.first { $0.name == name } }
    return columnIndices[name].map { columns[$0] }
  }
}
