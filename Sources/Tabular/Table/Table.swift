// SPDX-License-Identifier: Apache-2.0

/// A table held by columns. All columns have the same number of rows and distinct names.
public struct Table: Sendable, Equatable {
  /// The columns, from left to right.
  public private(set) var columns: [Column]
  /// Of each name its column.
  private var columnIndices: [String: Int]

  /// Throws ``TabularError/invalidTable(_:hint:)`` where lengths differ or a name stands twice.
  public init(columns: [Column]) throws(TabularError) {
    var columnIndices: [String: Int] = [:]
    columnIndices.reserveCapacity(columns.count)
    for (c, column) in columns.enumerated() {
      if column.count != columns[0].count {
        throw .invalidTable(
          "column '\(column.name)' has \(column.count) rows, '\(columns[0].name)' has \(columns[0].count)"
        )
      }
      if columnIndices.updateValue(c, forKey: column.name) != nil {
        throw .invalidTable("two columns are named '\(column.name)'")
      }
    }
    self.columns = columns
    self.columnIndices = columnIndices
  }

  /// The number of rows, the same for all columns; 0 without columns.
  public var rowCount: Int { columns.first?.count ?? 0 }
  /// The names of the columns, from left to right. O(columns).
  public var columnNames: [String] { columns.map(\.name) }

  /// The column of that name, or nil. O(1).
  public subscript(name: String) -> Column? { columnIndices[name].map { columns[$0] } }

  /// Keeps the rows at `indices` alone, in that order; one column at a time, so that a large table
  /// never stands in memory twice. O(columns x indices).
  public mutating func keep(rows indices: [Int]) {
    for c in columns.indices { columns[c] = columns[c].selecting(indices) }
  }

  /// Moves the rows out, and leaves a table without columns, so that the caller can free them.
  public mutating func take() -> Table {
    let taken = self
    columns = []
    columnIndices = [:]
    return taken
  }

  /// The rows at `indices`, in that order. O(columns x indices).
  public func selecting(rows indices: [Int]) -> Table {
    var copy = self
    copy.columns = columns.map { $0.selecting(indices) }
    return copy
  }
}
