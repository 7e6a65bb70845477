/// A table in plain text, its columns as wide as they need to be.
struct TextTable {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]]

  init(
    _ columns: [(title: String, alignment: Alignment)], _ lines: [[String]] = []
  ) {
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.title)] + lines
  }

  /// The titles of the columns.
  var titles: [String] { rows[0] }
  /// The cells below the titles.
  var lines: [[String]] { Array(rows.dropFirst()) }

  mutating func append(_ row: [String]) {
    precondition(row.count == alignments.count, "a row has one cell for each column")
    rows.append(row)
  }

  /// The lines of the table, the titles underlined.
  func rendered() -> String {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let gap = String(repeating: " ", count: widths[column] - cells[column].count)
        return alignments[column] == .left ? cells[column] + gap : gap + cells[column]
      }
      let text = padded.joined(separator: "  ")
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
    return ([line(rows[0]), rule] + rows.dropFirst().map(line)).joined(separator: "\n")
  }
}
