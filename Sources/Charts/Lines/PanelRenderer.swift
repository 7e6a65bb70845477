// SPDX-License-Identifier: Apache-2.0

/// Draws one panel of a ``LineChart``.
struct PanelRenderer {
  let panel: LineChart.Panel
  /// Names of all series of the chart, which give them their colors.
  let names: [String]
  /// Room for the labels of the vertical axis, the same in all panels, so that frames are in line.
  let labelWidth: Double

  /// The vertical axis of a panel whose frame is `height` pixels high, its title included.
  static func verticalScale(_ panel: LineChart.Panel, height: Double) -> AxisScale {
    AxisScale(
      panel.y, values: panel.series.flatMap(\.y) + panel.references.map(\.y),
      maximum: max(Int((height - 72) / 34), 2), isRounded: true)
  }

  func draw(
    x: Double, y: Double, width: Double, height: Double, on canvas: inout SVGCanvas
  ) {
    let hasTitle = !panel.title.isEmpty
    let top = y + (hasTitle ? 26 : 10)
    let bottom = y + height - 46
    let yScale = Self.verticalScale(panel, height: height)
    let left = x + 24 + labelWidth + 8
    let right = x + width - 16
    let xScale = AxisScale(
      panel.x, values: panel.series.flatMap(\.x),
      maximum: max(Int((right - left) / 58), 2), isRounded: false)
    if hasTitle {
      canvas.text(
        TextMetrics.truncate(panel.title, to: right - left, size: ChartTheme.panelTitleSize),
        x: left, y: y + 16, size: ChartTheme.panelTitleSize, bold: true)
    }
    drawGrid(xScale, yScale, left, right, top, bottom, on: &canvas)
    canvas.text(
      panel.x.caption, x: (left + right) / 2, y: bottom + 36, size: ChartTheme.labelSize,
      color: ChartTheme.softInk, anchor: .middle)
    canvas.text(
      TextMetrics.truncate(panel.y.caption, to: bottom - top + 30, size: ChartTheme.labelSize),
      x: x + 15, y: (top + bottom) / 2, size: ChartTheme.labelSize, color: ChartTheme.softInk,
      anchor: .middle, rotation: -90)
    let hasData = panel.series.contains { series in
      zip(series.x, series.y).contains { $0.isFinite && $1.isFinite }
    }
    if !hasData {
      canvas.text(
        "no data", x: (left + right) / 2, y: (top + bottom) / 2, size: ChartTheme.labelSize,
        color: ChartTheme.softInk, anchor: .middle)
    }
    // A little more than the frame, so that points at its edge are whole.
    let edge = 5.0
    canvas.clipped(
      x: left - edge, y: top - edge, width: right - left + 2 * edge,
      height: bottom - top + 2 * edge
    ) { inner in
      let map = { (px: Double, py: Double) -> (x: Double, y: Double)? in
        guard let a = xScale.fraction(px), let b = yScale.fraction(py) else { return nil }
        return (edge + a * (right - left), edge + (1 - b) * (bottom - top))
      }
      drawReferences(yScale, edge, right - left, bottom - top, on: &inner)
      for series in panel.series { draw(series, map, on: &inner) }
    }
  }

  private func drawGrid(
    _ xScale: AxisScale, _ yScale: AxisScale, _ left: Double, _ right: Double, _ top: Double,
    _ bottom: Double, on canvas: inout SVGCanvas
  ) {
    for tick in yScale.ticks {
      let y = bottom - tick.position * (bottom - top)
      canvas.line(
        from: (left, y), to: (right, y),
        color: tick.label.isEmpty ? ChartTheme.faintGrid : ChartTheme.grid)
      canvas.text(
        tick.label, x: left - 7, y: y + 4, size: ChartTheme.tickSize, color: ChartTheme.softInk,
        anchor: .end)
    }
    var freeFrom = -Double.infinity
    for tick in xScale.ticks.sorted(by: { $0.position < $1.position }) {
      let x = left + tick.position * (right - left)
      canvas.line(
        from: (x, top), to: (x, bottom),
        color: tick.label.isEmpty ? ChartTheme.faintGrid : ChartTheme.grid)
      let half = TextMetrics.width(tick.label, size: ChartTheme.tickSize) / 2
      // Labels never overlap: one that has no room is left out.
      if tick.label.isEmpty || x - half < freeFrom { continue }
      canvas.text(
        tick.label, x: x, y: bottom + 17, size: ChartTheme.tickSize, color: ChartTheme.softInk,
        anchor: .middle)
      freeFrom = x + half + 8
    }
    canvas.line(from: (left, bottom), to: (right, bottom), color: ChartTheme.axis)
    canvas.line(from: (left, top), to: (left, bottom), color: ChartTheme.axis)
  }

  private func drawReferences(
    _ scale: AxisScale, _ edge: Double, _ width: Double, _ height: Double,
    on canvas: inout SVGCanvas
  ) {
    for reference in panel.references {
      guard let fraction = scale.fraction(reference.y) else { continue }
      let y = edge + (1 - fraction) * height
      canvas.line(
        from: (edge, y), to: (edge + width, y), color: ChartTheme.softInk, width: 1.2, dash: "2 4")
      canvas.text(
        reference.name, x: edge + width - 4, y: y < 20 ? y + 14 : y - 5,
        size: ChartTheme.tickSize, color: ChartTheme.softInk, anchor: .end)
    }
  }

  private func draw(
    _ series: Series, _ map: (Double, Double) -> (x: Double, y: Double)?,
    on canvas: inout SVGCanvas
  ) {
    let color = ChartTheme.color(names.firstIndex(of: series.name) ?? 0)
    let points = zip(series.x, series.y).map { map($0, $1) }
    if series.marks != .points {
      for piece in points.split(whereSeparator: { $0 == nil }) {
        let run = piece.compactMap { $0 }
        let line = Self.thinned(run)
        canvas.polyline(
          line, color: color, width: line.count < run.count ? 1 : 1.7,
          dash: series.isDashed && line.count == run.count ? "6 4" : nil)
        if run.count == 1, series.marks == .line {
          // A single value between gaps would not be seen as a line.
          canvas.circle(x: run[0].x, y: run[0].y, radius: 2.5, fill: color)
        }
      }
    }
    if series.marks != .line {
      for point in points {
        if let point { canvas.circle(x: point.x, y: point.y, radius: 3.6, fill: color) }
      }
    }
  }

  private static func thinned(_ run: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    let isAscending = zip(run, run.dropFirst()).allSatisfy { $0.x <= $1.x }
    return isAscending ? Decimation.thin(run) : run
  }
}
