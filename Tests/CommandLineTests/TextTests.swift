// SPDX-License-Identifier: Apache-2.0

import Testing
import tabgan
import Tabular

@Suite("Text for people")
struct TextTests {
  @Test(
    "Counts have commas",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
    ])
  func grouped(value: Int, text: String) {
    #expect(NumberText.grouped(value) == text)
  }

  @Test(
    "Shares are percentages",
    arguments: [
      (0, "0 %"), (1, "100 %"), (0.0138, "1.4 %"), (0.00012, "0.012 %"), (0.9996, "100.0 %"),
    ])
  func percent(share: Double, text: String) {
    #expect(NumberText.percent(share) == text)
  }

  @Test(
    "Durations",
    arguments: [
      (0, "0:00"), (59.6, "1:00"), (725, "12:05"), (3753, "1:02:33"), (.infinity, "?"), (.nan, "?"),
    ])
  func duration(seconds: Double, text: String) {
    #expect(NumberText.duration(seconds) == text)
  }

  @Test(
    "Losses and probabilities keep their width",
    arguments: [(0.5, "0.500"), (-1.25, "-1.250"), (0, "0.000"), (3e-12, "3e-12")])
  func metric(value: Float, text: String) {
    #expect(NumberText.metric(value) == text)
  }

  @Test(
    "Sizes are counts with commas between them",
    arguments: [
      ("1000,4000", [1000, 4000]), ("4000,1000,4000", [1000, 4000]), ("10_000", [10_000]),
      ("", nil), ("1,", nil), ("0", nil), ("-5", nil), ("1.5", nil), ("many", nil),
    ] as [(String, [Int]?)])
  func sizes(text: String, sizes: [Int]?) {
    #expect(SizeList(argument: text)?.sizes == sizes, "'\(text)'")
  }
}
