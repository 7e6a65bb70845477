// SPDX-License-Identifier: Apache-2.0

/// The architecture of a GAN as it was trained: noise through the generator becomes generated rows;
/// generated and real rows through the discriminator become a probability.
public struct NetworkDiagram: Sendable {
  /// One box of a network.
  public struct Layer: Sendable, Equatable {
    /// What it is, such as "Dense".
    public var name: String
    /// Its outputs.
    public var units: Int
    /// More about it, such as the activation; a line each.
    public var details: [String]

    /// A layer of that many outputs.
    public init(_ name: String, units: Int, details: [String] = []) {
      self.name = name
      self.units = units
      self.details = details
    }
  }
  /// A group of boxes with a frame.
  public struct Network: Sendable, Equatable {
    /// Its name, such as "Generator".
    public var name: String
    /// What is added to the name, such as the number of its parameters.
    public var note: String
    /// Its layers from the input to the output.
    public var layers: [Layer]

    /// A network of those layers.
    public init(_ name: String, note: String = "", layers: [Layer]) {
      self.name = name
      self.note = note
      self.layers = layers
    }
  }
  /// What the diagram shows.
  public var title: String
  /// A second line under the title; may be empty.
  public var subtitle: String
  /// What goes into the generator: lines such as "noise" and "128 normal numbers".
  public var noise: [String]
  /// The network that makes rows.
  public var generator: Network
  /// What it makes: lines.
  public var generatedRows: [String]
  /// What is compared with it: lines.
  public var realRows: [String]
  /// The network that distinguishes them.
  public var discriminator: Network
  /// What it says: lines.
  public var verdict: [String]

  /// A diagram of a GAN.
  public init(
    _ title: String, subtitle: String = "", noise: [String], generator: Network,
    generatedRows: [String] = ["generated rows"], realRows: [String] = ["real rows"],
    discriminator: Network, verdict: [String] = ["probability", "of being real"]
  ) {
    self.title = title
    self.subtitle = subtitle
    self.noise = noise
    self.generator = generator
    self.generatedRows = generatedRows
    self.realRows = realRows
    self.discriminator = discriminator
    self.verdict = verdict
  }

  /// The diagram as an SVG document.
  public func svg() -> String {
    var canvas = SVGCanvas()
    let lanes = [
      DiagramLane(input: noise, network: generator, output: generatedRows, color: 0),
      DiagramLane(input: realRows, network: discriminator, output: verdict, color: 1),
    ]
    let width = max(lanes.map(\.width).max() ?? 0, 480) + 2 * ChartTheme.margin
    let top = ChartHeader.draw(title, subtitle, width: width, on: &canvas) + 8
    let first = lanes[0].draw(left: ChartTheme.margin, top: top, width: width, on: &canvas)
    let gap = 56.0
    let secondTop = top + lanes[0].height + gap
    let second = lanes[1].draw(
      left: ChartTheme.margin, top: secondTop, width: width, on: &canvas)
    // Generated rows go down, back to the left, and into the discriminator beside the real ones.
    let bend = top + lanes[0].height + gap / 2
    let enter = (x: second.entry.x, y: second.entry.y + DiagramLane.entryOffset)
    let turn = second.entry.x - DiagramLane.arrow * 0.55
    canvas.polyline(
      [
        (first.output.x, first.output.bottom), (first.output.x, bend), (turn, bend),
        (turn, enter.y), (enter.x - 1, enter.y),
      ], color: ChartTheme.softInk, width: 1.6)
    DiagramLane.drawHead(at: enter, on: &canvas)
    canvas.text(
      "generated rows", x: (first.output.x + turn) / 2, y: bend - 6, size: ChartTheme.tickSize,
      color: ChartTheme.softInk, anchor: .middle)
    return canvas.document(
      width: width, height: secondTop + lanes[1].height + ChartTheme.margin, title: title)
  }
}
