import NumericCore
import Tabular

extension TabularSynthesizer {
  /// Encoded rows: generated, and chosen among candidates where the model has a density ratio.
  func chosenRows(
    _ rows: Range<Int>, conditions: ConditionFrequencies?, seed: UInt64, in context: ComputeContext
  ) throws -> Matrix {
    guard let ratio, let candidates = configuration.resampling?.candidates, candidates > 1 else {
      return try context.withTeam {
        try generator.sample(
          rows: rows, conditions: conditions, noiseWidth: configuration.generator.noiseWidth,
          seed: seed, in: context)
      }
    }
    let chosen = Matrix(rows: rows.count, columns: encoder.width)
    for block in Self.blocks(of: rows, candidates: candidates) {
      var (generated, logarithms) = try weighedRows(
        block, candidates: candidates, by: ratio, conditions: conditions, seed: seed, in: context)
      if let raking {
        let corrections = raking.logarithms(
          of: try decoded(generated, for: block, candidates: candidates, seed: seed))
        for row in logarithms.indices { logarithms[row] += corrections[row] }
      }
      let choices = ImportanceResampling.choices(
        logarithms: logarithms, candidates: candidates, firstRow: block.lowerBound, seed: seed)
      for (row, choice) in zip(block, choices) {
        chosen[rows: row - rows.lowerBound..<row - rows.lowerBound + 1]
          .copy(from: generated[rows: choice..<choice + 1])
      }
    }
    return chosen
  }

  /// Corrects the density ratio by the margins of the table that was learned, where the
  /// configuration asks for it.
  mutating func rake(to table: Table, seed: UInt64, in context: ComputeContext) throws {
    guard let ratio, let resampling = configuration.resampling, resampling.candidates > 1,
      resampling.rakingRows > 0
    else { return }
    let margins = MarginSubject.all(of: table, schema: schema, encoder: encoder)
      .compactMap { Margin($0, of: table) }
    let candidates = resampling.candidates
    var parts: [Table] = []
    var logarithms: [Float] = []
    // Rows that neither the ratio was learned from nor a user gets for the same seed.
    let rows = Self.firstPilotRow..<Self.firstPilotRow + min(table.rowCount, resampling.rakingRows)
    for block in Self.blocks(of: rows, candidates: candidates) {
      let (generated, own) = try weighedRows(
        block, candidates: candidates, by: ratio, conditions: conditions, seed: ~seed, in: context)
      parts.append(
        try decoded(generated, for: block, candidates: candidates, seed: ~seed))
      logarithms += own
    }
    var fit = RakingFit(
      margins: margins, real: table, generated: try Table(joining: parts),
      logarithms: logarithms, candidates: candidates)
    raking = fit.run()
  }

  private static let firstPilotRow = 1 << 41
  /// Generated rows at a time: what they take in memory is some 10 kB each.
  private static let block = 8192

  /// Ranges of so many rows that their candidates are a block.
  private static func blocks(of rows: Range<Int>, candidates: Int) -> [Range<Int>] {
    let size = max(1, block / candidates)
    return stride(from: rows.lowerBound, to: rows.upperBound, by: size)
      .map { $0..<min($0 + size, rows.upperBound) }
  }

  /// The candidates of `rows`, settled, with the logarithms of their density ratios.
  private func weighedRows(
    _ rows: Range<Int>, candidates: Int, by ratio: DensityRatio, conditions: ConditionFrequencies?,
    seed: UInt64, in context: ComputeContext
  ) throws -> (rows: Matrix, logarithms: [Float]) {
    try context.withTeam {
      let generated = try generator.sample(
        rows: rows.lowerBound * candidates..<rows.upperBound * candidates, conditions: conditions,
        noiseWidth: configuration.generator.noiseWidth, seed: seed, in: context)
      return (generated, try ratio.logarithms(of: generated, in: context))
    }
  }

  /// The candidates of `rows` as they would be in the table: each draws what its row will draw.
  private func decoded(
    _ generated: Matrix, for rows: Range<Int>, candidates: Int, seed: UInt64
  ) throws -> Table {
    try generated.withUnsafeBufferPointer { buffer in
      try encoder.inverse(
        buffer, count: generated.rows, stride: generated.stride, firstRow: rows.lowerBound,
        candidates: candidates, seed: seed)
    }
  }
}
