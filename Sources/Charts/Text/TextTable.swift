// SPDX-License-Identifier: Apache-2.0

/// A table as plain text, for a terminal or a report.
///
/// A column is as wide as its longest cell, within its limits; two blanks separate columns. Cells
/// are written as they are: text from outside must not contain line breaks or control characters.
/// Widths count characters, which suits scripts whose characters take one cell of a terminal.
///
/// ```swift
/// var table = TextTable([.left("kernel"), .right("ms")])
/// table.append(["exp", "0.12"])
/// print(table.rendered())
/// // kernel    ms
/// // ------  ----
/// // exp     0.12
/// ```
public struct TextTable: Sendable, Equatable {
  /// The side of a column at which its cells line up.
  public enum Alignment: Sendable { case left, right }

  /// A column's title and how its cells are set.
  public struct Column: Sendable, Equatable {
    /// The cell of the first line.
    public let title: String
    /// Where cells line up.
    public let alignment: Alignment
    /// The least and the greatest width in characters; a longer cell ends with an ellipsis.
    public let width: ClosedRange<Int>

    /// A column of texts.
    public static func left(_ title: String, width: ClosedRange<Int> = 0...Int.max) -> Column {
      Column(title: title, alignment: .left, width: width)
    }

    /// A column of numbers.
    public static func right(_ title: String, width: ClosedRange<Int> = 0...Int.max) -> Column {
      Column(title: title, alignment: .right, width: width)
    }

    /// A cell no longer than the column may be wide.
    fileprivate func fitted(_ cell: String) -> String {
      guard cell.count > width.upperBound else { return cell }
      return width.upperBound > 0 ? cell.prefix(width.upperBound - 1) + "…" : ""
    }

    fileprivate func padded(_ cell: String, to width: Int) -> String {
      let gap = String(repeating: " ", count: max(width - cell.count, 0))
      return alignment == .left ? cell + gap : gap + cell
    }
  }

  /// The columns from left to right.
  public let columns: [Column]
  /// The cells below the titles, row by row.
  public private(set) var rows: [[String]] = []

  /// A table with the given columns and no rows.
  public init(_ columns: [Column]) {
    self.columns = columns
  }

  /// The titles of the columns.
  public var titles: [String] { columns.map(\.title) }

  /// Adds a row below the others.
  ///
  /// - Precondition: `row` has one cell for each column.
  public mutating func append(_ row: [String]) {
    precondition(row.count == columns.count, "a row has one cell for each column")
    rows.append(row)
  }

  /// The lines of the table, without blanks at their ends, joined by line breaks.
  ///
  /// - Parameter underlined: whether a line of hyphens is below the titles.
  public func rendered(underlined: Bool = true) -> String {
    lines(underlined: underlined).joined(separator: "\n")
  }

  /// The lines of the table: titles, their underline, and the rows. O(number of characters).
  public func lines(underlined: Bool = true) -> [String] {
    let cells = ([titles] + rows).map { row in zip(columns, row).map { $0.fitted($1) } }
    let widths = columns.indices.map { column in
      max(cells.map { $0[column].count }.max() ?? 0, columns[column].width.lowerBound)
    }
    var lines = cells.map { row in
      Self.line(columns.indices.map { columns[$0].padded(row[$0], to: widths[$0]) })
    }
    if underlined {
      lines.insert(Self.line(widths.map { String(repeating: "-", count: $0) }), at: 1)
    }
    return lines
  }

  private static func line(_ cells: [String]) -> String {
    var line = cells.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}
