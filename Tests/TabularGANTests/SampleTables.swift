// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Tables made in code: a categorical column that decides a quantity, a rare category, a time and a
/// constant.
enum SampleTables {
  static func trips(rows: Int, seed: UInt64 = 1) throws -> (table: Table, schema: Schema) {
    var state = seed
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    var kinds: [Int32] = []
    var amounts: [Double] = []
    var times: [Double] = []
    for _ in 0..<rows {
      let u = next()
      let kind: Int32 = u < 0.6 ? 0 : u < 0.97 ? 1 : 2
      kinds.append(kind)
      let noise = next() + next() + next() - 1.5
      amounts.append(((Double(kind) * 20 + 10 + 3 * noise) * 100).rounded() / 100)
      times.append(1_451_606_400 + (next() * 20 * 86_400).rounded(.down))
    }
    let table = try Table(columns: [
      Column(name: "kind", values: .text(codes: kinds, categories: ["cash", "card", "free"])),
      Column(name: "amount", values: .number(amounts)),
      Column(name: "when", values: .datetime(times)),
      Column(name: "version", values: .number(Array(repeating: 7, count: rows))),
    ])
    return (table, SchemaInference.infer(table))
  }
}
