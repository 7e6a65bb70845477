// SPDX-License-Identifier: Apache-2.0

/// A plain page that holds all it shows: it needs no other file and no network.
public struct HTMLPage: Sendable {
  private enum Block: Sendable {
    case heading(String, level: Int)
    case paragraph(String)
    case list([String])
    case preformatted(String)
    case figure(svg: String, caption: String)
    case table(headers: [String], rows: [[String]])
  }
  private let title: String
  private var blocks: [Block] = []

  /// An empty page; the title is its first heading, too.
  public init(title: String) { self.title = title }

  /// Adds a heading; level 2 is below the page's title.
  public mutating func addHeading(_ text: String, level: Int = 2) {
    blocks.append(.heading(text, level: min(max(level, 2), 6)))
  }

  /// Adds a paragraph of plain text.
  public mutating func addParagraph(_ text: String) { blocks.append(.paragraph(text)) }

  /// Adds a list of plain texts.
  public mutating func addList(_ items: [String]) { blocks.append(.list(items)) }

  /// Adds text in which blanks and line breaks stay, such as a command or a report.
  public mutating func addPreformatted(_ text: String) { blocks.append(.preformatted(text)) }

  /// Adds a drawing with a caption.
  ///
  /// `svg` is put in as it is and must be a whole SVG element, as the charts of this module are.
  public mutating func addFigure(svg: String, caption: String = "") {
    blocks.append(.figure(svg: svg, caption: caption))
  }

  /// Adds a table.
  ///
  /// Columns of numbers are set to the right.
  public mutating func addTable(headers: [String], rows: [[String]]) {
    blocks.append(.table(headers: headers, rows: rows))
  }

  /// The page as an HTML document.
  public var html: String {
    let name = XMLText.escape(title)
    let head = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(name)</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <h1>\(name)</h1>
      """
    return ([head] + blocks.map(Self.render) + ["</body>", "</html>", ""])
      .joined(separator: "\n")
  }

  private static let style = """
    body { font-family: \(ChartTheme.fontFamily); color: \(ChartTheme.ink); line-height: 1.5;
      max-width: 1320px; margin: 2rem auto; padding: 0 1.25rem; }
    h1, h2, h3 { line-height: 1.25; }
    h2 { margin-top: 2.5rem; border-bottom: 1px solid \(ChartTheme.grid); padding-bottom: .3rem; }
    p, ul { max-width: 46rem; }
    figure { margin: 1.5rem 0; overflow-x: auto; }
    figure svg { max-width: 100%; height: auto; }
    figcaption { color: \(ChartTheme.softInk); font-size: .92rem; max-width: 46rem; }
    table { border-collapse: collapse; font-size: .92rem; margin: 1rem 0; display: block;
      overflow-x: auto; }
    th, td { padding: .3rem .8rem; border-bottom: 1px solid \(ChartTheme.grid); text-align: left; }
    th { border-bottom: 2px solid \(ChartTheme.axis); }
    td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
    td { white-space: nowrap; }
    pre { background: \(ChartTheme.faintGrid); padding: .8rem 1rem; overflow-x: auto;
      font-size: .86rem; line-height: 1.4; border-radius: 4px; }
    """

  private static func render(_ block: Block) -> String {
    switch block {
    case .heading(let text, let level): return "<h\(level)>\(XMLText.escape(text))</h\(level)>"
    case .paragraph(let text): return "<p>\(XMLText.escape(text))</p>"
    case .list(let items):
      return "<ul>\n" + items.map { "<li>\(XMLText.escape($0))</li>\n" }.joined() + "</ul>"
    case .preformatted(let text): return "<pre>\(XMLText.escape(text))</pre>"
    case .figure(let svg, let caption):
      let text = caption.isEmpty ? "" : "\n<figcaption>\(XMLText.escape(caption))</figcaption>"
      return "<figure>\n\(svg)\(text)\n</figure>"
    case .table(let headers, let rows): return table(headers, rows)
    }
  }

  private static func table(_ headers: [String], _ rows: [[String]]) -> String {
    let isNumber = headers.indices.map { column in
      let cells = rows.compactMap { column < $0.count && !$0[column].isEmpty ? $0[column] : nil }
      return !cells.isEmpty && cells.allSatisfy { looksNumeric($0) }
    }
    let cell = { (tag: String, column: Int, text: String) in
      let style = column < isNumber.count && isNumber[column] ? " class=\"number\"" : ""
      return "<\(tag)\(style)>\(XMLText.escape(text))</\(tag)>"
    }
    let line = { (tag: String, cells: [String]) in
      "<tr>" + cells.enumerated().map { cell(tag, $0, $1) }.joined() + "</tr>"
    }
    return (["<table>", line("th", headers)] + rows.map { line("td", $0) } + ["</table>"])
      .joined(separator: "\n")
  }

  private static func looksNumeric(_ text: String) -> Bool {
    text.contains(where: \.isNumber)
      && text.allSatisfy { $0.isNumber || "+-\u{2212}.,%e× ".contains($0) }
  }
}
