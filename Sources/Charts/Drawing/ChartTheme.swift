// SPDX-License-Identifier: Apache-2.0

/// Colors and font sizes of all charts.
enum ChartTheme {
  /// The color-blind-safe palette of Okabe and Ito (2008), the yellow left out, as it is lost on
  /// white.
  static let palette = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#444444",
  ]
  static let background = "#FFFFFF"
  static let ink = "#222222"
  static let softInk = "#5F6368"
  static let axis = "#8A8F94"
  static let grid = "#E8EAED"
  static let faintGrid = "#F4F5F6"
  static let fontFamily = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"
  static let titleSize = 17.0
  static let panelTitleSize = 13.5
  static let labelSize = 12.5
  static let tickSize = 11.5
  static let margin = 18.0

  static func color(_ index: Int) -> String { palette[index % palette.count] }
}
