// SPDX-License-Identifier: Apache-2.0

import Charts
import Foundation
import Testing

@Suite("Line charts")
struct LineChartTests {
  private static func document(_ panels: [LineChart.Panel]) throws -> SVGDocument {
    let svg = LineChart("A <title> & \"more\"", subtitle: "under it", panels: panels).svg()
    #expect(!svg.contains("nan") && !svg.contains("inf"), "no coordinate may be undefined")
    return try #require(SVGDocument(svg))
  }

  @Test("a logarithmic axis reaches down to 1e-30, zeros at its floor")
  func deepLogarithm() throws {
    let x = (0..<1000).map(Double.init)
    let y = x.map { $0 == 999 ? 0 : pow(10, -$0 * 0.03) }
    let document = try Self.document([
      .init(
        "p", x: Axis("iteration"), y: .logarithmic("D(generated)"),
        series: [Series("a", x: x, y: y)])
    ])
    #expect(document.texts.contains("10⁻³⁰") && document.texts.contains("1"))
    #expect(document.texts.contains("iteration") && document.texts.contains("D(generated)"))
  }

  @Test("names are in the legend once, units on the axes, text is escaped")
  func labels() throws {
    let panel = LineChart.Panel(
      "panel", x: Axis("time", unit: "s"), y: Axis("loss"),
      series: [Series("one", [1, 2]), Series("two & <three>", [2, 1])])
    let document = try Self.document([panel, panel, panel, panel])
    #expect(document.texts.filter { $0 == "one" }.count == 1)
    #expect(document.texts.filter { $0 == "two & <three>" }.count == 1)
    #expect(document.texts.filter { $0 == "time [s]" }.count == 4)
    #expect(document.texts.contains("A <title> & \"more\""))
  }

  @Test(
    "data that cannot be drawn leave a panel that says so",
    arguments: [[], [Double.nan], [.infinity, -.infinity]])
  func noData(values: [Double]) throws {
    for axis in [Axis("y"), .logarithmic("y")] {
      let document = try Self.document([
        .init("p", x: Axis("x"), y: axis, series: [Series("a", values)])
      ])
      #expect(document.texts.contains("no data"), "\(values)")
    }
    _ = try Self.document([])
  }

  @Test("a value that is not finite leaves a gap")
  func gaps() throws {
    let whole = try Self.document([
      .init("p", x: Axis("x"), y: Axis("y"), series: [Series("a", [1, 2, 3, 4])])
    ])
    let gap = try Self.document([
      .init("p", x: Axis("x"), y: Axis("y"), series: [Series("a", [1, 2, .nan, 3, 4])])
    ])
    #expect(gap.count("path") == whole.count("path") + 1)
  }

  @Test("a long series is thinned, its extremes stay")
  func decimation() throws {
    var y = [Double](repeating: 1, count: 200_000)
    y[123_456] = 50
    let svg = LineChart(
      "long", panels: [.init("p", x: Axis("x"), y: Axis("y"), series: [Series("a", y)])]
    ).svg()
    #expect(svg.utf8.count < 60_000, "\(svg.utf8.count) bytes")
    let short = LineChart(
      "short", panels: [.init("p", x: Axis("x"), y: Axis("y"), series: [Series("a", [1, 50])])]
    ).svg()
    // The peak is as high as in a chart that holds nothing but it.
    let top = { (svg: String) -> Double? in
      svg.split(separator: "\n").first { $0.hasPrefix("<path d=\"M") }?
        .split(whereSeparator: { "ML\"".contains($0) }).dropFirst()
        .compactMap {
          let point = $0.split(separator: " ").map { Double($0) }
          return point.count == 2 ? point[1] : nil
        }.min()
    }
    #expect(try #require(top(svg)) == #require(top(short)))
  }

  @Test("labels of an axis never overlap and never repeat")
  func ticks() throws {
    for range in [0...1, 0...20_000, -5...5, 1e-12...2e-12, 1e6...5e9, 3...3.0001]
      as [ClosedRange<Double>]
    {
      let document = try Self.document([
        .init(
          "", x: Axis("x"), y: Axis("y", range: range),
          series: [Series("a", [range.lowerBound, range.upperBound])])
      ])
      var last: (x: Double, end: Double)?
      let labels = zip(document.elements, document.attributes).filter { $0.0 == "text" }
        .map(\.1).enumerated()
      let below = labels.compactMap { index, attributes -> (Double, Double)? in
        guard attributes["text-anchor"] == "middle", attributes["font-size"] == "11.5",
          let x = Double(attributes["x"] ?? "")
        else { return nil }
        let half = Double(document.texts[index].count) * 11.5 * 0.25
        return (x - half, x + half)
      }.sorted { $0.0 < $1.0 }
      for (start, end) in below {
        if let last { #expect(start >= last.end, "\(range)") }
        last = (start, end)
      }
      let y = document.texts.dropFirst(2)
      #expect(y.count > 3, "\(range) has ticks")
    }
  }
}
