// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Maps side by side with an arrow for each journey, from its start to its end.
///
/// All maps have the same bounds, and a mile is as long northwards as it is eastwards.
public struct ArrowMap: Sendable {
  /// Two places by longitude and latitude in degrees.
  public struct Arrow: Sendable, Equatable {
    /// Longitude of the beginning.
    public var fromLongitude: Double
    /// Latitude of the beginning.
    public var fromLatitude: Double
    /// Longitude of the end.
    public var toLongitude: Double
    /// Latitude of the end.
    public var toLatitude: Double

    /// An arrow between two places.
    public init(
      fromLongitude: Double, fromLatitude: Double, toLongitude: Double, toLatitude: Double
    ) {
      self.fromLongitude = fromLongitude
      self.fromLatitude = fromLatitude
      self.toLongitude = toLongitude
      self.toLatitude = toLatitude
    }

    /// Whether both ends are known: a receiver without a fix writes 0 and 0.
    var isKnown: Bool {
      [fromLongitude, fromLatitude, toLongitude, toLatitude].allSatisfy(\.isFinite)
        && (fromLongitude, fromLatitude) != (0, 0) && (toLongitude, toLatitude) != (0, 0)
    }
  }
  /// What is within the maps, in degrees.
  public struct Bounds: Sendable, Equatable {
    /// West to east.
    public var longitude: ClosedRange<Double>
    /// South to north.
    public var latitude: ClosedRange<Double>

    /// Bounds of those ranges.
    public init(longitude: ClosedRange<Double>, latitude: ClosedRange<Double>) {
      self.longitude = longitude
      self.latitude = latitude
    }

    /// The bounds of nearly all ends of the arrows, with some room around them.
    ///
    /// The outermost 1 % are left out, and what is further from the middle half than ten times its
    /// width: a coordinate that is wrong would shrink a city to a point.
    public init(of arrows: [Arrow]) {
      let known = arrows.filter(\.isKnown)
      let range = { (values: [Double]) -> ClosedRange<Double> in
        let sorted = values.sorted()
        if sorted.isEmpty { return 0...1 }
        let at = { (share: Double) in sorted[Int((share * Double(sorted.count - 1)).rounded())] }
        let reach = 10 * (at(0.75) - at(0.25))
        let (low, high) = (max(at(0.01), at(0.25) - reach), min(at(0.99), at(0.75) + reach))
        let room = max((high - low) * 0.06, 1e-3)
        return low - room...high + room
      }
      longitude = range(known.flatMap { [$0.fromLongitude, $0.toLongitude] })
      latitude = range(known.flatMap { [$0.fromLatitude, $0.toLatitude] })
    }
  }
  /// One map.
  public struct Panel: Sendable {
    /// What it shows.
    public var title: String
    /// Its journeys.
    public var arrows: [Arrow]

    /// A map of these journeys.
    public init(_ title: String, arrows: [Arrow]) {
      self.title = title
      self.arrows = arrows
    }
  }
  /// What the chart shows.
  public var title: String
  /// A second line under the title; may be empty.
  public var subtitle: String
  /// Maps from left to right.
  public var panels: [Panel]
  /// What is within the maps; nil: what the first map needs.
  public var bounds: Bounds?
  /// The most arrows that a map draws; of more, evenly spaced ones are taken.
  public var maxArrows: Int
  /// The width of a map in pixels.
  public var panelWidth: Double

  /// A chart of those maps.
  public init(
    _ title: String, subtitle: String = "", panels: [Panel], bounds: Bounds? = nil,
    maxArrows: Int = 1500, panelWidth: Double = 430
  ) {
    self.title = title
    self.subtitle = subtitle
    self.panels = panels
    self.bounds = bounds
    self.maxArrows = maxArrows
    self.panelWidth = panelWidth
  }

  /// The chart as an SVG document.
  public func svg() -> String {
    var canvas = SVGCanvas()
    let bounds = bounds ?? Bounds(of: panels.first?.arrows ?? [])
    let gap = 18.0
    let middle = (bounds.latitude.lowerBound + bounds.latitude.upperBound) / 2
    // Meridians draw together towards the poles.
    let narrowing = max(cos(middle * .pi / 180), 0.05)
    let (east, north) = (Self.span(bounds.longitude) * narrowing, Self.span(bounds.latitude))
    let height = min(max(panelWidth * north / east, panelWidth / 3), panelWidth * 2)
    let width =
      2 * ChartTheme.margin + Double(max(panels.count, 1)) * (panelWidth + gap) - gap
    let top = ChartHeader.draw(title, subtitle, width: width, on: &canvas) + 18
    // One scale for both directions, the longer of which fills its side.
    let scale = min(panelWidth / east, height / north)
    let (insetX, insetY) = ((panelWidth - east * scale) / 2, (height - north * scale) / 2)
    for (index, panel) in panels.enumerated() {
      let left = ChartTheme.margin + Double(index) * (panelWidth + gap)
      canvas.text(
        TextMetrics.truncate(panel.title, to: panelWidth, size: ChartTheme.panelTitleSize),
        x: left, y: top - 8, size: ChartTheme.panelTitleSize, bold: true)
      canvas.rectangle(
        x: left, y: top, width: panelWidth, height: height, fill: ChartTheme.faintGrid,
        stroke: ChartTheme.grid)
      let arrows = Self.spaced(panel.arrows.filter(\.isKnown), maximum: maxArrows)
      if arrows.isEmpty {
        canvas.text(
          "nothing to show", x: left + panelWidth / 2, y: top + height / 2,
          size: ChartTheme.labelSize,
          color: ChartTheme.softInk, anchor: .middle)
      }
      canvas.clipped(x: left, y: top, width: panelWidth, height: height) { inner in
        inner.add(
          "<g fill=\"none\" stroke=\"\(ChartTheme.color(index))\" stroke-width=\"0.8\" "
            + "stroke-opacity=\"\(Self.opacity(arrows.count))\" stroke-linecap=\"round\">")
        for arrow in arrows {
          inner.add(
            Self.path(arrow) { longitude, latitude in
              (
                insetX + (longitude - bounds.longitude.lowerBound) * narrowing * scale,
                height - insetY - (latitude - bounds.latitude.lowerBound) * scale
              )
            })
        }
        inner.add("</g>")
      }
    }
    drawScale(
      pixelsPerMile: scale / Self.milesPerDegree, width: width, y: top + height + 20, on: &canvas)
    return canvas.document(width: width, height: top + height + 34, title: title)
  }

  private static let milesPerDegree = 69.0

  private static func span(_ range: ClosedRange<Double>) -> Double {
    max(range.upperBound - range.lowerBound, 1e-6)
  }

  /// Many arrows are drawn faintly, so that the streets in which they lie together stand out.
  private static func opacity(_ count: Int) -> String {
    SVGCanvas.number(min(max(12 / Double(max(count, 1)).squareRoot(), 0.16), 0.8))
  }

  private static func spaced(_ arrows: [Arrow], maximum: Int) -> [Arrow] {
    if arrows.count <= maximum { return arrows }
    return (0..<max(maximum, 0)).map { arrows[$0 * arrows.count / maximum] }
  }

  private static func path(
    _ arrow: Arrow, _ map: (Double, Double) -> (x: Double, y: Double)
  ) -> String {
    let a = map(arrow.fromLongitude, arrow.fromLatitude)
    let b = map(arrow.toLongitude, arrow.toLatitude)
    let n = SVGCanvas.number
    var path = "M\(n(a.x)) \(n(a.y))L\(n(b.x)) \(n(b.y))"
    let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot()
    if length > 3 {
      // The head: two short strokes back from the tip.
      let size = min(5, length / 2)
      let (ux, uy) = ((b.x - a.x) / length * size, (b.y - a.y) / length * size)
      path +=
        "M\(n(b.x - ux * 0.85 - uy * 0.5)) \(n(b.y - uy * 0.85 + ux * 0.5))L\(n(b.x)) \(n(b.y))"
        + "L\(n(b.x - ux * 0.85 + uy * 0.5)) \(n(b.y - uy * 0.85 - ux * 0.5))"
    }
    return "<path d=\"\(path)\"/>"
  }

  private func drawScale(
    pixelsPerMile: Double, width: Double, y: Double, on canvas: inout SVGCanvas
  ) {
    let steps = [0.01, 0.1, 0.5, 1, 2, 5, 10, 20, 50, 100, 500, 1000]
    guard let miles = steps.last(where: { $0 * pixelsPerMile <= panelWidth / 3 }) else { return }
    let left = ChartTheme.margin
    let right = left + miles * pixelsPerMile
    canvas.line(from: (left, y), to: (right, y), color: ChartTheme.softInk, width: 1.5)
    for x in [left, right] {
      canvas.line(from: (x, y - 4), to: (x, y + 4), color: ChartTheme.softInk, width: 1.5)
    }
    let unit = miles == 1 ? "mile" : "miles"
    canvas.text(
      "\(NumberLabel.plain([miles])[0]) \(unit)", x: right + 8, y: y + 4,
      size: ChartTheme.tickSize, color: ChartTheme.softInk)
    canvas.text(
      "arrows point from start to end", x: width - ChartTheme.margin, y: y + 4,
      size: ChartTheme.tickSize, color: ChartTheme.softInk, anchor: .end)
  }
}
