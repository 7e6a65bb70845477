// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularGAN
import Testing
import TabularEncoding

@Suite struct BatchAssemblerTests {
  @Test(arguments: [1, 2, 5], [0, 3])
  func packsHoldTheirRows(rowsPerPack: Int, conditionWidth: Int) throws {
    let (table, schema) = try SampleTables.trips(rows: 40)
    let encoded = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1
    ).transform(table, seed: 1)
    let width = encoded.width
    let batch = BatchAssembler(
      rowWidth: width, conditionWidth: conditionWidth, rowsPerPack: rowsPerPack)
    let rows = (0..<10 * rowsPerPack).map { ($0 * 7) % 40 }
    let context = try ComputeContext(threads: 2)
    let positions = conditionWidth == 0 ? [] : rows.indices.map { $0 % conditionWidth }
    let dense = try Matrix(rows: 10, columns: batch.rowsWidth)
    dense.fill(.nan)
    let conditions =
      conditionWidth == 0
      ? nil
      : try SparseRows(rows: 10, columns: rowsPerPack * conditionWidth, entries: rowsPerPack)
    let entries = rowsPerPack * (encoded.entriesPerRow + (conditionWidth > 0 ? 1 : 0))
    let sparse = try SparseRows(rows: 10, columns: batch.packWidth, entries: entries)
    for packs in [MixedMatrix(dense, conditions), try MixedMatrix(sparse)] {
      #expect(packs.columns == batch.packWidth)
      batch.writeReal(rows, of: encoded, conditions: positions, into: packs, in: context)
      let whole = written(packs)
      var one = [Float](repeating: 0, count: width)
      for (i, row) in rows.enumerated() {
        one.withUnsafeMutableBufferPointer {
          encoded.expand(rows: [row][...], into: $0, stride: width)
        }
        let (member, pack) = (i / 10, whole[i % 10])
        #expect(Array(pack[member * width..<(member + 1) * width]) == one, "row \(i)")
        let first = rowsPerPack * width + member * conditionWidth
        for c in 0..<conditionWidth {
          #expect(pack[first + c] == (c == positions[i] ? 1 : 0))
        }
      }
    }
    sparse.withUnsafeMutableEntries { indices, _ in
      for pack in 0..<10 {
        let own = indices[pack * entries..<(pack + 1) * entries]
        #expect(zip(own, own.dropFirst()).allSatisfy { $0 < $1 }, "entries do not ascend")
      }
    }
  }

  /// The rows with their sparse columns written out.
  private func written(_ matrix: MixedMatrix) -> [[Float]] {
    (0..<matrix.rows).map { row in
      var values = (0..<matrix.dense.columns).map { matrix.dense[row, $0] }
      guard let sparse = matrix.sparse else { return values }
      values += [Float](repeating: 0, count: sparse.columns)
      sparse[rows: row..<row + 1].withUnsafeMutableEntries { indices, entries in
        for (index, value) in zip(indices, entries) {
          values[matrix.dense.columns + Int(index)] += value
        }
      }
      return values
    }
  }

  @Test func fewEntriesAreWorthSparseRows() throws {
    let (table, schema) = try SampleTables.trips(rows: 40)
    let encoded = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1
    ).transform(table, seed: 1)
    func sparse(_ positionsAnEntry: Int) throws -> SparseRows? {
      try BatchAssembler(
        rowWidth: encoded.width, conditionWidth: 0, rowsPerPack: 2,
        positionsAnEntry: positionsAnEntry
      ).sparsePacks(5, of: encoded)
    }
    #expect(try sparse(encoded.width / encoded.entriesPerRow)?.entries == 2 * encoded.entriesPerRow)
    #expect(try sparse(encoded.width / encoded.entriesPerRow + 1) == nil)
  }

  @Test(arguments: [1, 3]) func gradientsComeBackWhereRowsWent(rowsPerPack: Int) throws {
    let context = try ComputeContext(threads: 2)
    let batch = BatchAssembler(rowWidth: 4, conditionWidth: 2, rowsPerPack: rowsPerPack)
    let generated = try Matrix(rows: 5 * rowsPerPack, columns: 4)
    for r in 0..<generated.rows { for c in 0..<4 { generated[r, c] = Float(10 * r + c) } }
    let packs = try Matrix(rows: 5, columns: batch.rowsWidth)
    batch.writeGenerated(generated, into: packs, in: context)
    let back = try Matrix(rows: generated.rows, columns: 4)
    batch.readGradient(packs, of: 0..<packs.rows, at: packs, into: back, in: context)
    #expect(back.toArray() == generated.toArray())
  }
}
