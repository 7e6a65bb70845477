/// The columns of a table in their order, as inferred from data or read from a file.
public struct Schema: Sendable, Codable, Equatable {
  public var columns: [ColumnSchema]

  public init(columns: [ColumnSchema]) { self.columns = columns }

  /// The column of that name, or nil.
  public subscript(name: String) -> ColumnSchema? { columns.first { $0.name == name } }
}
