// SPDX-License-Identifier: Apache-2.0

import Tabular
import TableTestSupport
import Testing
import TabularEncoding

/// The work grows linearly with the number of columns.
@Suite struct WideTableTests {
  private static func table(columns: Int, rows: Int) throws -> (table: Table, schema: Schema) {
    var random = SampleRandom(seed: 3)
    let columns = (0..<columns).map { c in
      Column(
        name: "c\(c)",
        values: .number(
          (0..<rows).map { _ in
            c % 3 == 0
              ? (4 * random.uniform()).rounded(.down) : EncodingSamples.rounded(random.normal(), 3)
          }))
    }
    let table = try Table(columns: columns)
    return (table, EncodingSamples.schema(of: table, decimals: 3))
  }

  /// Relations of neighbors are found among hundreds of columns.
  @Test func neighborsAreFoundInAWideTable() throws {
    let (wide, _) = try Self.table(columns: 300, rows: 120)
    var columns = wide.columns
    let (a, b) = (columns[151].numbers!, columns[152].numbers!)
    columns.insert(
      Column(
        name: "sum",
        values: .number(zip(a, b).map { EncodingSamples.rounded($0 + $1, 3) })), at: 160)
    columns.insert(
      Column(name: "twice", values: .number(a.map { EncodingSamples.rounded(2 * $0 + 1, 3) })),
      at: 149)
    let table = try Table(columns: columns)
    let encoder = try TableEncoder.fit(
      table: table, schema: EncodingSamples.schema(of: table, decimals: 3),
      configuration: .standard, seed: 1)
    #expect(
      Set(encoder.relations.map(\.description)) == [
        "sum = c151 + c152 + residual", "c151 = 0.5 x twice - 0.5 + residual",
      ])
  }

  private struct Interrupted: Error {}

  @Test func progressIsReportedAndCanEndTheFit() throws {
    let (table, schema) = try Self.table(columns: 40, rows: 80)
    var seen: [FittingProgress] = []
    _ = try TableEncoder.fit(table: table, schema: schema, configuration: .standard, seed: 1) {
      seen.append($0)
    }
    #expect(seen.count { $0.stage == .relations } >= 40)
    #expect(seen.allSatisfy { (0...1).contains($0.share) })
    for stage in [FittingProgress.Stage.relations, .columns, .features] {
      let shares = seen.filter { $0.stage == stage }.map(\.share)
      #expect(!shares.isEmpty && shares == shares.sorted(), "\(stage)")
      #expect(throws: Interrupted.self) {
        try TableEncoder.fit(table: table, schema: schema, configuration: .standard, seed: 1) {
          if $0.stage == stage { throw Interrupted() }
        }
      }
    }
  }
}
