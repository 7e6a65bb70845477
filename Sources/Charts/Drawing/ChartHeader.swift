// SPDX-License-Identifier: Apache-2.0

/// The title and the subtitle above a chart.
enum ChartHeader {
  /// Draws them at the top left; returns where the rest may begin.
  static func draw(
    _ title: String, _ subtitle: String, width: Double, on canvas: inout SVGCanvas
  ) -> Double {
    var top = 12.0
    let room = width - 2 * ChartTheme.margin
    for line in TextMetrics.wrap(title, to: room, size: ChartTheme.titleSize) {
      top += ChartTheme.titleSize + 4
      canvas.text(line, x: ChartTheme.margin, y: top, size: ChartTheme.titleSize, bold: true)
    }
    for line in TextMetrics.wrap(subtitle, to: room, size: ChartTheme.labelSize) {
      top += ChartTheme.labelSize + 5
      canvas.text(
        line, x: ChartTheme.margin, y: top, size: ChartTheme.labelSize, color: ChartTheme.softInk)
    }
    return top + 12
  }
}
