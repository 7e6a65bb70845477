// SPDX-License-Identifier: Apache-2.0

/// Names beside samples of their colors, in lines as wide as the chart.
enum Legend {
  /// A sample of how a series is drawn.
  enum Mark { case line, dashes, point }

  private static let sample = 22.0
  private static let gap = 20.0

  /// Draws the entries at `top`; returns where the rest may begin.
  static func draw(
    _ entries: [(name: String, color: String, mark: Mark)], top: Double, width: Double,
    on canvas: inout SVGCanvas
  ) -> Double {
    var (x, y) = (ChartTheme.margin, top + 8)
    for entry in entries {
      let length = sample + 6 + TextMetrics.width(entry.name, size: ChartTheme.labelSize)
      if x > ChartTheme.margin, x + length > width - ChartTheme.margin {
        x = ChartTheme.margin
        y += ChartTheme.labelSize + 7
      }
      if entry.mark == .point {
        canvas.circle(x: x + sample / 2, y: y - 4, radius: 4.5, fill: entry.color)
      } else {
        canvas.line(
          from: (x, y - 4), to: (x + sample, y - 4), color: entry.color, width: 3,
          dash: entry.mark == .dashes ? "6 4" : nil)
      }
      canvas.text(entry.name, x: x + sample + 6, y: y, size: ChartTheme.labelSize)
      x += length + gap
    }
    return y + 12
  }
}
