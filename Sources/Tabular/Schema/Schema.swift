/// The columns of a table in their order, as inferred from data or read from a file.
public struct Schema: Sendable, Codable, Equatable {
  public var columns: [ColumnSchema] { didSet { places = nil } }
  /// How the file is written that the columns stand in.
  public var dialect: CSVDialect
  /// Of each name its column; nil once a column was changed.
  private var places: [String: Int]?

  public init(columns: [ColumnSchema], dialect: CSVDialect = CSVDialect()) {
    self.columns = columns
    self.dialect = dialect
    places = Dictionary(zip(columns.map(\.name), 0...)) { first, _ in first }
  }

  public static func == (a: Schema, b: Schema) -> Bool {
    a.columns == b.columns && a.dialect == b.dialect
  }

  private enum CodingKeys: String, CodingKey { case columns, dialect }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      columns: try container.decode([ColumnSchema].self, forKey: .columns),
      dialect: try container.decodeIfPresent(CSVDialect.self, forKey: .dialect) ?? CSVDialect())
  }

  /// Encodes the columns, and the dialect where it is another than RFC 4180's.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(columns, forKey: .columns)
    if dialect != CSVDialect() { try container.encode(dialect, forKey: .dialect) }
  }

  /// The column of that name, or nil. O(1), and O(columns) where a column was changed after ``init``.
  public subscript(name: String) -> ColumnSchema? {
    guard let places else { return columns.first { $0.name == name } }
    return places[name].map { columns[$0] }
  }
}
