// SPDX-License-Identifier: Apache-2.0

import Charts
import Foundation
import Testing

@Suite("Maps of trips")
struct ArrowMapTests {
  private static let arrows = (0..<200).map { (i: Int) -> ArrowMap.Arrow in
    let coordinate = { (base: Double, cycle: Int, step: Double) in base + Double(i % cycle) * step }
    return ArrowMap.Arrow(
      fromLongitude: coordinate(-73.98, 17, 0.0025), fromLatitude: coordinate(40.75, 23, 0.002),
      toLongitude: coordinate(-73.97, 13, 0.0033), toLatitude: coordinate(40.74, 19, 0.0025))
  }

  @Test("bounds leave out coordinates of 0")
  func bounds() {
    let zero = ArrowMap.Arrow(
      fromLongitude: 0, fromLatitude: 0, toLongitude: 0, toLatitude: 0)
    // 0 longitude by itself is no missing fix, but still no place in the city.
    let half = ArrowMap.Arrow(
      fromLongitude: 0, fromLatitude: 40.7, toLongitude: -73.9, toLatitude: 40.7)
    let bounds = ArrowMap.Bounds(
      of: Self.arrows + Array(repeating: zero, count: 20) + Array(repeating: half, count: 8))
    #expect(bounds.longitude.upperBound < -73.5 && bounds.longitude.lowerBound > -74.1)
    #expect(bounds.latitude.lowerBound > 40.6 && bounds.latitude.upperBound < 40.9)
  }

  @Test("an arrow for each trip, at most as many as asked for, undefined ones left out")
  func manyArrows() throws {
    let broken = ArrowMap.Arrow(
      fromLongitude: .nan, fromLatitude: 40, toLongitude: -73, toLatitude: 40)
    let svg = ArrowMap(
      "map",
      panels: [
        .init("real", arrows: Self.arrows + [broken]), .init("generated", arrows: Self.arrows),
      ], maxArrows: 150
    ).svg()
    let document = try #require(SVGDocument(svg))
    #expect(document.count("path") == 300)
    #expect(document.texts.contains("real") && document.texts.contains("generated"))
    #expect(document.texts.contains { $0.hasSuffix("mile") || $0.hasSuffix("miles") })
    #expect(!svg.contains("nan"))
  }

  @Test("no trips at all")
  func empty() throws {
    let svg = ArrowMap("map", panels: [.init("real", arrows: [])]).svg()
    #expect(try #require(SVGDocument(svg)).texts.contains("nothing to show"))
    #expect(SVGDocument(ArrowMap("map", panels: []).svg()) != nil)
  }
}

@Suite("Bars and matrices")
struct BarAndMatrixTests {
  @Test("a bar for each finite value, with its number")
  func bars() throws {
    let svg = BarChart(
      "bars", axis: Axis("error", unit: "%"), categories: ["a", "b & c"],
      series: [.init("synthetic", [1.25, .nan]), .init("floor", [0.5, 12.34])]
    ).svg()
    let document = try #require(SVGDocument(svg))
    #expect(document.count("rect") == 1 + 3, "the ground and three bars")
    for text in ["1.25", "0.50", "12.3", "b & c", "error [%]", "synthetic", "floor"] {
      #expect(document.texts.contains(text), "\(text)")
    }
    let none = BarChart("none", axis: Axis("x"), categories: [], series: []).svg()
    #expect(try #require(SVGDocument(none)).texts.contains("no data"))
  }

  @Test("a cell for each pair, what is missing in gray")
  func heatMap() throws {
    let svg = HeatMap(
      "heat", rows: ["a", "b"], columns: ["a", "b", "c"], values: [[1, -0.5, .nan], [0.25]],
      scale: .diverging(limit: 1), legend: "correlation"
    ).svg()
    let document = try #require(SVGDocument(svg))
    #expect(document.attributes.count { $0["fill"] == "#D9D9D9" } == 3)
    #expect(document.texts.contains("-.50") && document.texts.contains("1.0"))
    let none = HeatMap(
      "none", rows: [], columns: [], values: [], scale: .sequential(low: 0, high: 0), legend: ""
    ).svg()
    #expect(try #require(SVGDocument(none)).texts.contains("no data"))
  }
}

@Suite("The diagram of an architecture")
struct NetworkDiagramTests {
  @Test("holds every layer with its size")
  func layers() throws {
    let svg = NetworkDiagram(
      "GAN", noise: ["noise", "64 numbers"],
      generator: .init(
        "Generator", note: "1,234 parameters",
        layers: [.init("Dense", units: 128, details: ["SELU"]), .init("Output", units: 97)]),
      discriminator: .init(
        "Discriminator", layers: [.init("Dense", units: 256), .init("Dense", units: 1)])
    ).svg()
    let document = try #require(SVGDocument(svg))
    for text in [
      "Generator", "Discriminator", "Dense 128", "SELU", "Output 97", "Dense 256", "Dense 1",
      "noise", "generated rows", "real rows", "probability", "1,234 parameters",
    ] {
      #expect(document.texts.contains(text), "\(text)")
    }
    let empty = NetworkDiagram(
      "GAN", noise: [], generator: .init("G", layers: []), discriminator: .init("D", layers: []))
    #expect(SVGDocument(empty.svg()) != nil)
  }

  @Test("no box leaves the drawing", arguments: [1, 3, 9])
  func fits(count: Int) throws {
    let layers = (0..<count).map {
      NetworkDiagram.Layer("Dense", units: 16 << $0, details: ["leaky ReLU 0.2", "dropout 0.5"])
    }
    let svg = NetworkDiagram(
      "GAN", noise: ["noise"], generator: .init("Generator", layers: layers),
      discriminator: .init("Discriminator", layers: [.init("Dense", units: 1)])
    ).svg()
    let document = try #require(SVGDocument(svg))
    let width = try #require(Double(document.attributes[0]["width"] ?? ""))
    for (name, attributes) in zip(document.elements, document.attributes) where name == "rect" {
      let left = Double(attributes["x"] ?? "0") ?? .nan
      let right = left + (Double(attributes["width"] ?? "") ?? .nan)
      #expect(left >= 0 && right <= width, "\(attributes)")
    }
  }
}

@Suite("Pages")
struct HTMLPageTests {
  @Test("text is escaped, drawings are not, and nothing is loaded")
  func content() {
    var page = HTMLPage(title: "A & B")
    page.addHeading("<script>alert(1)</script>")
    page.addParagraph("1 < 2 \u{1}")
    page.addList(["one", "two & three"])
    page.addPreformatted("a  b\n<c>")
    page.addTable(headers: ["name", "n"], rows: [["a", "1,234"], ["b", "−0.5"], ["c"]])
    let svg = LineChart("chart", panels: []).svg()
    page.addFigure(svg: svg, caption: "\"caption\"")
    let html = page.html
    #expect(html.hasPrefix("<!DOCTYPE html>"))
    #expect(html.contains("<h1>A &amp; B</h1>"))
    #expect(html.contains("<h2>&lt;script&gt;alert(1)&lt;/script&gt;</h2>"))
    #expect(html.contains("<p>1 &lt; 2 \u{FFFD}</p>"))
    #expect(html.contains("<li>two &amp; three</li>"))
    #expect(html.contains("<pre>a  b\n&lt;c&gt;</pre>"))
    #expect(html.contains("<td class=\"number\">1,234</td>"))
    #expect(html.contains("<th>name</th><th class=\"number\">n</th>"))
    #expect(html.contains(svg))
    #expect(html.contains("<figcaption>&quot;caption&quot;</figcaption>"))
    #expect(!html.contains("<script") && !html.contains("src=") && !html.contains("href="))
  }
}
