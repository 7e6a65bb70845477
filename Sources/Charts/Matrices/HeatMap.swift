// SPDX-License-Identifier: Apache-2.0

/// A matrix as colored cells, such as the correlations of columns.
public struct HeatMap: Sendable {
  /// What the chart shows.
  public var title: String
  /// A second line under the title; may be empty.
  public var subtitle: String
  /// Names of the rows, from the top down.
  public var rows: [String]
  /// Names of the columns, from the left.
  public var columns: [String]
  /// `values[row][column]`; one that is not finite is gray.
  public var values: [[Double]]
  /// The colors.
  public var scale: ColorScale
  /// What the colors mean, with a unit.
  public var legend: String

  /// A chart of that matrix.
  public init(
    _ title: String, subtitle: String = "", rows: [String], columns: [String],
    values: [[Double]], scale: ColorScale, legend: String
  ) {
    self.title = title
    self.subtitle = subtitle
    self.rows = rows
    self.columns = columns
    self.values = values
    self.scale = scale
    self.legend = legend
  }

  private static let widestName = 190.0

  /// The chart as an SVG document.
  public func svg() -> String {
    var canvas = SVGCanvas()
    let cell = columns.count <= 12 ? 40.0 : columns.count <= 24 ? 28 : 20
    let size = ChartTheme.tickSize
    let shorten = { (name: String) in TextMetrics.shorten(name, to: Self.widestName, size: size) }
    let names = (rows.map(shorten), columns.map(shorten))
    let widest = { (names: [String]) in
      names.map { TextMetrics.width($0, size: size) }.max() ?? 0
    }
    let left = ChartTheme.margin + widest(names.0) + 8
    let barWidth = 14.0
    let matrixWidth = max(Double(columns.count) * cell, 60)
    // Slanted column names reach to the right of the last column.
    let slant = 0.71
    let tail = max(widest(names.1) * slant - cell / 2, 0)
    let width = max(left + matrixWidth + max(tail, 90) + ChartTheme.margin, 420)
    let top =
      ChartHeader.draw(title, subtitle, width: width, on: &canvas) + widest(names.1) * slant + 8
    let bottom = top + max(Double(rows.count) * cell, 60)
    for (index, name) in names.1.enumerated() {
      canvas.text(
        name, x: left + (Double(index) + 0.5) * cell + 3, y: top - 6, size: size, rotation: -45)
    }
    for (row, name) in names.0.enumerated() {
      let y = top + Double(row) * cell
      canvas.text(name, x: left - 7, y: y + cell / 2 + 4, size: size, anchor: .end)
      for column in columns.indices {
        let value =
          row < values.count && column < values[row].count ? values[row][column] : Double.nan
        drawCell(value, x: left + Double(column) * cell, y: y, size: cell, on: &canvas)
      }
    }
    if rows.isEmpty || columns.isEmpty {
      canvas.text(
        "no data", x: left + 30, y: top + 30, size: ChartTheme.labelSize,
        color: ChartTheme.softInk, anchor: .middle)
    }
    drawLegend(
      x: left + matrixWidth + 22, top: top, height: min(max(bottom - top, 60), 220),
      width: barWidth, on: &canvas)
    return canvas.document(width: width, height: bottom + ChartTheme.margin, title: title)
  }

  private func drawCell(
    _ value: Double, x: Double, y: Double, size: Double, on canvas: inout SVGCanvas
  ) {
    canvas.rectangle(
      x: x, y: y, width: size - 1, height: size - 1, fill: scale.color(value))
    if size >= 28, value.isFinite {
      canvas.text(
        NumberLabel.cell(value), x: x + (size - 1) / 2, y: y + size / 2 + 3,
        size: size >= 40 ? 11 : 9, color: scale.ink(value), anchor: .middle)
    }
  }

  private func drawLegend(
    x: Double, top: Double, height: Double, width: Double, on canvas: inout SVGCanvas
  ) {
    let (low, high) = scale.ends
    let steps = 44
    for step in 0..<steps {
      let value = high - (high - low) * (Double(step) + 0.5) / Double(steps)
      canvas.rectangle(
        x: x, y: top + height * Double(step) / Double(steps), width: width,
        height: height / Double(steps) + 0.6, fill: scale.color(value))
    }
    let marks = [high, (low + high) / 2, low]
    for (index, label) in NumberLabel.plain(marks).enumerated() {
      canvas.text(
        label, x: x + width + 5, y: top + height * Double(index) / 2 + 4,
        size: ChartTheme.tickSize, color: ChartTheme.softInk)
    }
    let widest = NumberLabel.plain(marks).map { TextMetrics.width($0, size: ChartTheme.tickSize) }
    canvas.text(
      TextMetrics.truncate(legend, to: height + 40, size: ChartTheme.tickSize),
      x: x + width + 5 + (widest.max() ?? 0) + 16, y: top + height / 2, size: ChartTheme.tickSize,
      color: ChartTheme.softInk, anchor: .middle, rotation: -90)
  }
}
