// SPDX-License-Identifier: Apache-2.0

/// Horizontal bars: a group for each category, a bar for each series.
public struct BarChart: Sendable {
  /// The bars of one color.
  public struct Series: Sendable, Equatable {
    /// The name in the legend.
    public var name: String
    /// A value for each category; one that is not finite has no bar.
    public var values: [Double]

    /// Bars of that name.
    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }
  /// What the chart shows.
  public var title: String
  /// A second line under the title; may be empty.
  public var subtitle: String
  /// The axis of the values.
  public var axis: Axis
  /// Names of the groups, from the top down.
  public var categories: [String]
  /// What is drawn.
  public var series: [Series]
  /// The width of the chart in pixels.
  public var width: Double

  /// A chart of those bars.
  public init(
    _ title: String, subtitle: String = "", axis: Axis, categories: [String], series: [Series],
    width: Double = 760
  ) {
    self.title = title
    self.subtitle = subtitle
    self.axis = axis
    self.categories = categories
    self.series = series
    self.width = width
  }

  private static let thickness = 11.0
  private static let gap = 9.0
  private static let widestName = 300.0

  /// The chart as an SVG document.
  public func svg() -> String {
    var canvas = SVGCanvas()
    var top = ChartHeader.draw(title, subtitle, width: width, on: &canvas)
    if series.count > 1 {
      top = Legend.draw(
        series.enumerated().map { ($1.name, ChartTheme.color($0), .line) }, top: top,
        width: width, on: &canvas)
    }
    let names = categories.map {
      TextMetrics.shorten($0, to: Self.widestName, size: ChartTheme.labelSize)
    }
    let widest = names.map { TextMetrics.width($0, size: ChartTheme.labelSize) }.max() ?? 0
    let left = ChartTheme.margin + widest + 10
    let right = max(width - ChartTheme.margin - 40, left + 60)
    let group = Double(max(series.count, 1)) * Self.thickness + Self.gap
    let bottom = top + max(Double(categories.count) * group, 40)
    var zero: [Double] = []
    if case .linear = axis.scale { zero = [0] }
    let scale = AxisScale(
      axis, values: series.flatMap(\.values) + zero, maximum: max(Int((right - left) / 80), 2),
      isRounded: true)
    for tick in scale.ticks {
      let x = left + tick.position * (right - left)
      canvas.line(from: (x, top), to: (x, bottom), color: ChartTheme.grid)
      canvas.text(
        tick.label, x: x, y: bottom + 16, size: ChartTheme.tickSize, color: ChartTheme.softInk,
        anchor: .middle)
    }
    let origin = left + min(max(scale.fraction(zero.first ?? 0) ?? 0, 0), 1) * (right - left)
    for (index, name) in names.enumerated() {
      let y = top + Double(index) * group
      canvas.text(
        name, x: left - 8, y: y + (group - Self.gap) / 2 + Self.gap / 2 + 4,
        size: ChartTheme.labelSize, anchor: .end)
      for (seriesIndex, bars) in series.enumerated() where index < bars.values.count {
        drawBar(
          bars.values[index], y: y + Self.gap / 2 + Double(seriesIndex) * Self.thickness,
          color: ChartTheme.color(seriesIndex), origin: origin,
          map: { scale.fraction($0).map { left + $0 * (right - left) } }, on: &canvas)
      }
    }
    if categories.isEmpty {
      canvas.text(
        "no data", x: (left + right) / 2, y: top + 24, size: ChartTheme.labelSize,
        color: ChartTheme.softInk, anchor: .middle)
    }
    canvas.line(from: (origin, top), to: (origin, bottom), color: ChartTheme.axis)
    canvas.text(
      axis.caption, x: (left + right) / 2, y: bottom + 36, size: ChartTheme.labelSize,
      color: ChartTheme.softInk, anchor: .middle)
    return canvas.document(width: width, height: bottom + 48, title: title)
  }

  private func drawBar(
    _ value: Double, y: Double, color: String, origin: Double, map: (Double) -> Double?,
    on canvas: inout SVGCanvas
  ) {
    guard let end = map(value) else { return }
    canvas.rectangle(
      x: min(origin, end), y: y, width: abs(end - origin), height: Self.thickness - 1.5,
      fill: color)
    canvas.text(
      NumberLabel.short(value), x: max(origin, end) + 4, y: y + Self.thickness - 2.2, size: 9.5,
      color: ChartTheme.softInk)
  }
}
