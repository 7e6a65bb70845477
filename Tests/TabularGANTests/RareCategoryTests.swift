// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularGAN
import Testing
import TabularEncoding

/// Rows with rare categories in batches.
@Suite struct RareCategoryTests {
  /// 10,000 rows: category 1 has 40, category 2 has 5.
  private func table() -> EncodedTable {
    let codes = (0..<10_000).map { row -> UInt16 in
      row % 2000 == 0 ? 2 : row % 250 == 7 ? 1 : 0
    }
    return EncodedTable(
      spans: [OutputSpan(column: 0, offset: 0, width: 3, activation: .softmax, isCategory: true)],
      blocks: [.code(codes)], rowCount: codes.count)
  }

  @Test func rareCategoriesComeMoreOften() throws {
    let table = table()
    guard case .code(let codes) = table.blocks[0] else { return }
    let sampler = try #require(RareCategorySampler(table, target: 0.01, seed: 3))
    let draws = 50_000
    var counts = [0, 0, 0]
    for index in 0..<draws {
      let row = sampler.row(at: UInt64(index)) ?? index % table.rowCount
      counts[Int(codes[row])] += 1
    }
    // 0.4 % is brought to 1 %; five standard deviations.
    let share = Double(counts[1]) / Double(draws)
    #expect(abs(share - 0.01) < 5 * (0.01 / Double(draws)).squareRoot(), "\(counts)")
    // Five rows are too few to be repeated.
    #expect(Double(counts[2]) / Double(draws) < 0.001, "\(counts)")
  }

  @Test func noCategoryIsRare() {
    #expect(RareCategorySampler(table(), target: 0.001, seed: 3) == nil)
  }
}
