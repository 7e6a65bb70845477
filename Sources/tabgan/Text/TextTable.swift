import Tabular

/// A table of text for a terminal: columns have minimal width, numbers are right-aligned, and
/// control characters are escaped.
struct TextTable {
  enum Alignment { case left, right }
  private let alignments: [Alignment]
  private var rows: [[String]]

  init(_ header: [(title: String, alignment: Alignment)]) {
    alignments = header.map(\.alignment)
    rows = [header.map(\.title)]
  }

  mutating func append(_ row: [String]) {
    precondition(row.count == alignments.count)
    rows.append(row.map(VisibleText.line))
  }

  /// The lines, each with its newline.
  var text: String {
    let widths = alignments.indices.map { c in rows.map { $0[c].count }.max() ?? 0 }
    var lines: [String] = []
    for (i, row) in rows.enumerated() {
      let cells = row.indices.map { c in
        let padding = String(repeating: " ", count: widths[c] - row[c].count)
        return alignments[c] == .left ? row[c] + padding : padding + row[c]
      }
      lines.append(Self.trimmed(cells.joined(separator: "  ")))
      if i == 0 {
        lines.append(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "))
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func trimmed(_ line: String) -> String {
    var line = line[...]
    while line.last == " " { line.removeLast() }
    return String(line)
  }
}
