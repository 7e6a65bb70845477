// SPDX-License-Identifier: Apache-2.0

/// Collects the elements of an SVG drawing.
///
/// Coordinates are pixels, y downwards.
struct SVGCanvas {
  enum Anchor: String {
    case start, middle, end
  }

  private var elements: [String] = []

  /// A coordinate with two decimals, which is finer than any screen.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest % 10 == 0 ? rest / 10 : rest)"
  }

  mutating func add(_ element: String) { elements.append(element) }

  mutating func line(
    from a: (x: Double, y: Double), to b: (x: Double, y: Double), color: String,
    width: Double = 1, dash: String? = nil
  ) {
    let n = Self.number
    let dashes = dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    add(
      "<line x1=\"\(n(a.x))\" y1=\"\(n(a.y))\" x2=\"\(n(b.x))\" y2=\"\(n(b.y))\" "
        + "stroke=\"\(color)\" stroke-width=\"\(n(width))\"\(dashes)/>")
  }

  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, fill: String, stroke: String? = nil,
    radius: Double = 0
  ) {
    let n = Self.number
    let edge = stroke.map { " stroke=\"\($0)\"" } ?? ""
    let corner = radius > 0 ? " rx=\"\(n(radius))\"" : ""
    add(
      "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(max(width, 0)))\" "
        + "height=\"\(n(max(height, 0)))\" fill=\"\(fill)\"\(edge)\(corner)/>")
  }

  mutating func circle(x: Double, y: Double, radius: Double, fill: String) {
    let n = Self.number
    add(
      "<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\" fill=\"\(fill)\" "
        + "stroke=\"\(ChartTheme.background)\" stroke-width=\"1\"/>")
  }

  mutating func polyline(
    _ points: [(x: Double, y: Double)], color: String, width: Double = 1.6, dash: String? = nil
  ) {
    guard points.count > 1 else { return }
    let n = Self.number
    let path = points.map { "\(n($0.x)) \(n($0.y))" }.joined(separator: "L")
    let dashes = dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    add(
      "<path d=\"M\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(n(width))\" "
        + "stroke-linejoin=\"round\" stroke-linecap=\"round\"\(dashes)/>")
  }

  mutating func text(
    _ text: String, x: Double, y: Double, size: Double, color: String = ChartTheme.ink,
    anchor: Anchor = .start, bold: Bool = false, rotation: Double = 0
  ) {
    let n = Self.number
    let weight = bold ? " font-weight=\"600\"" : ""
    let turn = rotation == 0 ? "" : " transform=\"rotate(\(n(rotation)) \(n(x)) \(n(y)))\""
    add(
      "<text x=\"\(n(x))\" y=\"\(n(y))\" font-size=\"\(n(size))\" fill=\"\(color)\" "
        + "text-anchor=\"\(anchor.rawValue)\"\(weight)\(turn)>\(XMLText.escape(text))</text>")
  }

  /// Adds what `draw` draws, clipped to a rectangle, in which coordinates begin at 0.
  ///
  /// A nested drawing clips without an id, and ids would clash where a page holds several drawings.
  mutating func clipped(
    x: Double, y: Double, width: Double, height: Double, _ draw: (inout SVGCanvas) -> Void
  ) {
    let n = Self.number
    var inner = SVGCanvas()
    draw(&inner)
    add(
      "<svg x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\" "
        + "overflow=\"hidden\">")
    elements += inner.elements
    add("</svg>")
  }

  /// The whole drawing.
  ///
  /// `title` is what a screen reader says.
  func document(width: Double, height: Double, title: String) -> String {
    let n = Self.number
    let name = XMLText.escape(title)
    let head =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(n(width)) \(n(height))\" "
      + "width=\"\(n(width))\" height=\"\(n(height))\" role=\"img\" aria-label=\"\(name)\" "
      + "font-family=\"\(ChartTheme.fontFamily)\">"
    let ground =
      "<rect width=\"\(n(width))\" height=\"\(n(height))\" fill=\"\(ChartTheme.background)\"/>"
    return ([head, "<title>\(name)</title>", ground] + elements + ["</svg>", ""])
      .joined(separator: "\n")
  }
}
