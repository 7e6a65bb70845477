import NumericCore
import Tabular
import TabularGAN
import Testing

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
    let packs = Matrix(rows: 10, columns: batch.packWidth)
    packs.fill(.nan)
    batch.writeReal(rows, of: encoded, into: packs, in: context)
    let positions = rows.indices.map { $0 % max(conditionWidth, 1) }
    batch.writeConditions(positions, into: packs)

    var dense = [Float](repeating: 0, count: width)
    for (i, row) in rows.enumerated() {
      dense.withUnsafeMutableBufferPointer {
        encoded.expand(rows: [row][...], into: $0, stride: width)
      }
      let start = (i / 10) * (width + conditionWidth)
      for c in 0..<width {
        #expect(packs[i % 10, start + c] == dense[c], "row \(i), position \(c)")
      }
      for c in 0..<conditionWidth {
        #expect(packs[i % 10, start + width + c] == (c == positions[i] ? 1 : 0))
      }
    }
  }

  @Test(arguments: [1, 3]) func gradientsComeBackWhereRowsWent(rowsPerPack: Int) throws {
    let context = try ComputeContext(threads: 2)
    let batch = BatchAssembler(rowWidth: 4, conditionWidth: 2, rowsPerPack: rowsPerPack)
    let generated = Matrix(rows: 5 * rowsPerPack, columns: 4)
    for r in 0..<generated.rows { for c in 0..<4 { generated[r, c] = Float(10 * r + c) } }
    let packs = Matrix(rows: 5, columns: batch.packWidth)
    batch.writeGenerated(generated, into: packs, in: context)
    let back = Matrix(rows: generated.rows, columns: 4)
    batch.readGradient(packs, of: 0..<packs.rows, at: packs, into: back, in: context)
    #expect(back.toArray() == generated.toArray())
  }
}
