// SPDX-License-Identifier: Apache-2.0

/// Lines or points over one or several panels, with a legend for all.
public struct LineChart: Sendable {
  /// One pair of axes with what is drawn between them.
  public struct Panel: Sendable {
    /// What the panel shows.
    public var title: String
    /// The horizontal axis.
    public var x: Axis
    /// The vertical axis.
    public var y: Axis
    /// What is drawn.
    public var series: [Series]
    /// Lines to compare with.
    public var references: [ReferenceLine]

    /// A panel with those axes and series.
    public init(
      _ title: String = "", x: Axis, y: Axis, series: [Series], references: [ReferenceLine] = []
    ) {
      self.title = title
      self.x = x
      self.y = y
      self.series = series
      self.references = references
    }
  }
  /// What the chart shows.
  public var title: String
  /// A second line under the title; may be empty.
  public var subtitle: String
  /// Panels, row after row.
  public var panels: [Panel]
  /// Panels side by side; nil: up to three.
  public var columns: Int?
  /// Width and height of a panel's frame in pixels.
  public var panelSize: (width: Double, height: Double)

  /// A chart of those panels.
  public init(
    _ title: String, subtitle: String = "", panels: [Panel], columns: Int? = nil,
    panelSize: (width: Double, height: Double) = (400, 260)
  ) {
    self.title = title
    self.subtitle = subtitle
    self.panels = panels
    self.columns = columns
    self.panelSize = panelSize
  }

  /// The chart as an SVG document.
  public func svg() -> String {
    var canvas = SVGCanvas()
    let perRow = max(1, min(columns ?? 3, max(panels.count, 1)))
    let rows = (panels.count + perRow - 1) / perRow
    let names = seriesNames
    let width = ChartTheme.margin * 2 + Double(perRow) * panelSize.width
    var top = ChartHeader.draw(title, subtitle, width: width, on: &canvas)
    if names.count > 1 {
      top = Legend.draw(
        names.enumerated().map { ($1, ChartTheme.color($0), mark(of: $1)) }, top: top,
        width: width, on: &canvas)
    }
    let labels = panels.flatMap {
      PanelRenderer.verticalScale($0, height: panelSize.height).ticks.map(\.label)
    }
    let widest = labels.map { TextMetrics.width($0, size: ChartTheme.tickSize) }.max() ?? 0
    for (index, panel) in panels.enumerated() {
      PanelRenderer(panel: panel, names: names, labelWidth: widest).draw(
        x: ChartTheme.margin + Double(index % perRow) * panelSize.width,
        y: top + Double(index / perRow) * panelSize.height,
        width: panelSize.width, height: panelSize.height, on: &canvas)
    }
    return canvas.document(
      width: width, height: top + Double(max(rows, 1)) * panelSize.height + ChartTheme.margin / 2,
      title: title)
  }

  private var seriesNames: [String] {
    var names: [String] = []
    for series in panels.flatMap(\.series) where !names.contains(series.name) {
      names.append(series.name)
    }
    return names
  }

  private func mark(of name: String) -> Legend.Mark {
    guard let series = panels.flatMap(\.series).first(where: { $0.name == name }) else {
      return .line
    }
    return series.marks == .points ? .point : series.isDashed ? .dashes : .line
  }
}
