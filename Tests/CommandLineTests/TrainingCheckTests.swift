// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import Testing
import tabgan

@Suite("Checks of a training run")
struct TrainingCheckTests {
  // MARK: Histories

  private static let header = "step,epoch,rows,seconds,d_loss,g_loss,d_real,d_generated\n"

  private static func line(_ step: Int) -> String {
    "\(step),1,\(step * 100),0.5,1.2,0.7,0.5,0.5\n"
  }

  @Test("A complete history up to the saved step has no problem, whatever follows it")
  func wholeHistory() {
    let text = Self.header + (1...9).map(Self.line).joined()
    for last in 1...9 {
      for more in ["", "10,1,10", "10,1,1000,0.5,1.2,0.7,0.5,0.5\n"] {
        let found = HistoryReading(text + more, upTo: last)
        #expect(found.problem == nil, "up to \(last), '\(more)'")
        #expect(found.lines == (1...last).map { String(Self.line($0).dropLast()) }, "up to \(last)")
      }
    }
  }

  @Test("Beyond step 10,000 only every tenth has a line")
  func longHistory() {
    let steps = Array(1...10_000) + [10_010, 10_020]
    let text = Self.header + steps.map(Self.line).joined()
    #expect(HistoryReading(text, upTo: 10_025).problem == nil)
    #expect(HistoryReading(text, upTo: 10_035).problem?.contains("step 10030 is missing") == true)
  }

  struct Damage: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    let lines: Int
    var testDescription: String { name }
  }

  static let damages = [
    Damage(name: "empty", text: "", lines: 0),
    Damage(name: "header alone", text: header, lines: 0),
    Damage(name: "another header", text: "a,b\n" + (1...5).map(line).joined(), lines: 5),
    Damage(name: "cut", text: header + (1...3).map(line).joined() + "4,1,4", lines: 3),
    Damage(name: "a line lost", text: header + [1, 2, 4, 5].map(line).joined(), lines: 4),
    Damage(name: "the first lost", text: header + [2, 3, 4, 5].map(line).joined(), lines: 4),
    Damage(
      name: "a broken line",
      text: header + [1, 2].map(line).joined() + "3,zz\n" + [4, 5].map(line).joined(), lines: 4),
    Damage(
      name: "no number",
      text: header + (1...4).map(line).joined() + "5,1,500,0.5,x,0.7,0.5,0.5\n", lines: 4),
    Damage(name: "twice", text: header + [1, 2, 2, 3, 4, 5].map(line).joined(), lines: 5),
    Damage(name: "out of order", text: header + [2, 1, 3, 4, 5].map(line).joined(), lines: 4),
    Damage(name: "binary", text: "\u{0}\u{1}\n\u{2}\n", lines: 0),
  ]

  @Test("Damage is reported, and valid lines are kept", arguments: damages)
  func damaged(damage: Damage) {
    let found = HistoryReading(damage.text, upTo: 5)
    #expect(found.problem != nil, "\(damage.name)")
    #expect(found.lines.count == damage.lines, "\(damage.name): \(found.lines)")
  }

  // MARK: Temporary files

  @Test(
    "Temporary files are recognized by name",
    arguments: [
      (".checkpoint.safetensors.5B0B3F64-4E2B-4A54-9C9C-0B5A2C1D7E10.tmp", false),
      (".model.json.4711.3735928559.part", true), (".history.csv.1.0.part", false),
      (".lock", false), ("model.json", false), (".model.json.4711.part", false),
      (".model.json.x.1.part", false), (".checkpoint.safetensors.1234.tmp", false),
      (".other.json.4711.1.part", false), ("..model.json.4711.1.part", false),
    ])
  func stale(name: String, isStale: Bool) {
    let names = ["model.json", "checkpoint.safetensors", "ratio.safetensors"]
    #expect(StaleFiles.isTemporary(name, of: names) == isStale)
  }

  // MARK: Collapse

  /// A number, a categorical column and two rare categories, or constant versions of each.
  private static func table(rows: Int, constant: Set<String> = []) throws -> Table {
    var columns: [Column] = []
    for (name, value) in [
      ("x", { Double($0 % 97) }), ("y", { Double($0 % 3) }), ("z", { Double($0 % 40 / 39) }),
    ]
      as [(String, (Int) -> Double)]
    {
      columns.append(
        Column(
          name: name,
          values: .number((0..<rows).map { constant.contains(name) ? 1 : value($0) })))
    }
    let codes = (0..<rows).map { constant.contains("t") ? Int32(0) : Int32($0 % 2) - 1 }
    columns.append(Column(name: "t", values: .text(codes: codes, categories: ["a"])))
    return try Table(columns: columns)
  }

  @Test(
    "Most varying columns constant: training has failed",
    arguments: [["x", "y", "z", "t"], ["x", "y", "t"]])
  func collapsed(constant: [String]) throws {
    let watch = CollapseCheck(training: try Self.table(rows: 3000))
    let found = try #require(
      watch.result(of: Self.table(rows: 2000, constant: Set(constant)), losses: [0.7, 1.4]))
    #expect(Set(found.constantColumns) == Set(constant) && !found.lossesExploded)
  }

  @Test(
    "Varying rows, or a single constant column, are no sign of failure",
    arguments: [[], ["z"], ["x", "t"]])
  func sound(constant: [String]) throws {
    let watch = CollapseCheck(training: try Self.table(rows: 3000))
    #expect(
      watch.result(of: try Self.table(rows: 2000, constant: Set(constant)), losses: [0.7, 900])
        == nil)
    // Columns that hardly vary in the training rows may be constant, and so may few rows.
    let still = CollapseCheck(training: try Self.table(rows: 3000, constant: ["x", "y", "z", "t"]))
    #expect(
      still.result(of: try Self.table(rows: 2000, constant: ["x", "y", "z", "t"]), losses: [1])
        == nil)
    #expect(
      watch.result(
        of: try Self.table(rows: CollapseCheck.minRows - 1, constant: ["x", "y", "z", "t"]),
        losses: [1]) == nil)
  }

  @Test(
    "Exploded losses", arguments: [Float(9e19), -2e6, .infinity, .nan])
  func exploded(loss: Float) throws {
    let rows = try Self.table(rows: 2000)
    let watch = CollapseCheck(training: rows)
    #expect(watch.result(of: rows, losses: [0.7, loss])?.lossesExploded == true, "\(loss)")
    #expect(watch.result(of: rows, losses: [loss, 0.7])?.lossesExploded == true, "\(loss)")
  }
}
