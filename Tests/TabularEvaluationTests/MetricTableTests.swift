// SPDX-License-Identifier: Apache-2.0

import Foundation
import TabularEvaluation
import Testing

@Suite("Table of metrics")
struct MetricTableTests {
  private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/reference/metrics.md").path
  private static let begin = "<!-- metrics: begin -->"
  private static let end = "<!-- metrics: end -->"

  @Test("docs/reference/metrics.md lists all metrics")
  func table() throws {
    let table = "\n" + MetricTable.markdown + "\n"
    let page = try String(contentsOfFile: Self.path, encoding: .utf8)
    let begin = try #require(page.range(of: Self.begin + "\n"))
    let end = try #require(page.range(of: Self.end))
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] == "1" {
      let updated = page.replacingCharacters(in: begin.upperBound..<end.lowerBound, with: table)
      try updated.write(toFile: Self.path, atomically: true, encoding: .utf8)
      return
    }
    #expect(
      page[begin.upperBound..<end.lowerBound] == table,
      "the table has changed: UPDATE_DOCS=1 swift test -c release --filter MetricTableTests")
  }

  @Test("every metric has a key of its own")
  func keys() {
    #expect(Set(MetricTable.keys).count == MetricTable.keys.count)
  }
}
