// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One line of a ``NetworkDiagram``: what goes in, the network's layers in their frame, what comes
/// out, with arrows between.
struct DiagramLane {
  let input: [String]
  let network: NetworkDiagram.Network
  let output: [String]
  /// Index into the palette.
  let color: Int

  static let arrow = 44.0
  /// A second input enters so far above the middle of the lane.
  static let entryOffset = -26.0
  private static let inset = 16.0
  private static let between = 22.0
  private static let line = 16.0
  private static let captionHeight = 26.0
  private static let tallest = 128.0

  private func boxWidth(_ lines: [String]) -> Double {
    let widest = lines.map { TextMetrics.width($0, size: ChartTheme.tickSize) }.max() ?? 0
    return max(widest + 20, 64)
  }

  private func lines(_ layer: NetworkDiagram.Layer) -> [String] {
    ["\(layer.name) \(layer.units)"] + layer.details
  }

  private var frameWidth: Double {
    let boxes = network.layers.map { boxWidth(lines($0)) }
    let inner = boxes.reduce(0, +) + Double(max(boxes.count - 1, 0)) * Self.between
    let caption = TextMetrics.width(
      "\(network.name) \(network.note)", size: ChartTheme.panelTitleSize)
    return max(inner, caption) + 2 * Self.inset
  }

  var width: Double { boxWidth(input) + boxWidth(output) + 2 * Self.arrow + frameWidth }
  var height: Double { Self.captionHeight + Self.tallest + 2 * Self.inset }

  /// Draws the lane; returns where its output box is and where a second input may enter.
  func draw(
    left: Double, top: Double, width: Double, on canvas: inout SVGCanvas
  ) -> (output: (x: Double, bottom: Double), entry: (x: Double, y: Double)) {
    let middle = top + Self.captionHeight + Self.inset + Self.tallest / 2
    // Both lanes end at the right edge; the frame takes the remaining width.
    let spare = max(width - 2 * ChartTheme.margin - self.width, 0)
    var x = left
    _ = drawData(input, x: x, middle: middle, on: &canvas)
    x += boxWidth(input)
    drawArrow(from: x, to: x + Self.arrow, y: middle, on: &canvas)
    x += Self.arrow
    let entry = (x: x, y: middle)
    let frame = frameWidth + spare
    canvas.rectangle(
      x: x, y: top, width: frame, height: height, fill: Self.tints[color % Self.tints.count],
      stroke: ChartTheme.color(color), radius: 8)
    canvas.text(
      network.name, x: x + Self.inset, y: top + 20, size: ChartTheme.panelTitleSize,
      color: ChartTheme.color(color), bold: true)
    canvas.text(
      network.note,
      x: x + Self.inset + TextMetrics.width(network.name + " ", size: ChartTheme.panelTitleSize)
        + 6,
      y: top + 20, size: ChartTheme.tickSize, color: ChartTheme.softInk)
    drawLayers(x: x + Self.inset, width: frame - 2 * Self.inset, middle: middle, on: &canvas)
    x += frame
    drawArrow(from: x, to: x + Self.arrow, y: middle, on: &canvas)
    x += Self.arrow
    let bottom = drawData(output, x: x, middle: middle, on: &canvas)
    return ((x + boxWidth(output) / 2, bottom), entry)
  }

  private static let tints = ["#F1F7FB", "#FDF4EE"]

  /// Layers spread over `width`; their heights grow with the logarithm of their units.
  private func drawLayers(x: Double, width: Double, middle: Double, on canvas: inout SVGCanvas) {
    let boxes = network.layers.map { boxWidth(lines($0)) }
    let gaps = Double(max(boxes.count - 1, 1))
    let gap = (width - boxes.reduce(0, +)) / gaps
    var x = boxes.count == 1 ? x + gap / 2 : x
    let logs = network.layers.map { log2(Double(max($0.units, 1)) + 1) }
    for (index, layer) in network.layers.enumerated() {
      let text = lines(layer)
      let minimum = Double(text.count) * Self.line + 14
      let share = logs[index] / max(logs.max() ?? 1, 1)
      let height = minimum + (Self.tallest - minimum) * max(share - 0.25, 0) / 0.75
      canvas.rectangle(
        x: x, y: middle - height / 2, width: boxes[index], height: height,
        fill: ChartTheme.background, stroke: ChartTheme.color(color), radius: 4)
      drawLines(text, x: x + boxes[index] / 2, middle: middle, on: &canvas)
      x += boxes[index]
      if index + 1 < boxes.count {
        drawArrow(from: x, to: x + gap, y: middle, on: &canvas)
        x += gap
      }
    }
  }

  /// A box for rows or numbers; its bottom is returned.
  private func drawData(
    _ lines: [String], x: Double, middle: Double, on canvas: inout SVGCanvas
  ) -> Double {
    let height = Double(max(lines.count, 1)) * Self.line + 18
    canvas.rectangle(
      x: x, y: middle - height / 2, width: boxWidth(lines), height: height,
      fill: ChartTheme.faintGrid, stroke: ChartTheme.axis, radius: 4)
    drawLines(lines, x: x + boxWidth(lines) / 2, middle: middle, on: &canvas)
    return middle + height / 2
  }

  private func drawLines(
    _ lines: [String], x: Double, middle: Double, on canvas: inout SVGCanvas
  ) {
    let top = middle - Double(lines.count) * Self.line / 2
    for (index, text) in lines.enumerated() {
      canvas.text(
        text, x: x, y: top + Double(index) * Self.line + 12, size: ChartTheme.tickSize,
        color: index == 0 ? ChartTheme.ink : ChartTheme.softInk, anchor: .middle,
        bold: index == 0)
    }
  }

  private func drawArrow(from: Double, to: Double, y: Double, on canvas: inout SVGCanvas) {
    canvas.line(from: (from, y), to: (to - 2, y), color: ChartTheme.softInk, width: 1.6)
    Self.drawHead(at: (to, y), on: &canvas)
  }

  /// The head of an arrow to the right.
  static func drawHead(at tip: (x: Double, y: Double), on canvas: inout SVGCanvas) {
    let n = SVGCanvas.number
    canvas.add(
      "<path d=\"M\(n(tip.x)) \(n(tip.y))L\(n(tip.x - 8)) \(n(tip.y - 4))"
        + "L\(n(tip.x - 8)) \(n(tip.y + 4))Z\" fill=\"\(ChartTheme.softInk)\"/>")
  }
}
