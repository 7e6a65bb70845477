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
      var candidateRows = try weighedRows(
        block, candidates: candidates, by: ratio, conditions: conditions, seed: seed, in: context)
      if let raking {
        let corrections = raking.logarithms(
          of: try counted(candidateRows, for: block, candidates: candidates, seed: seed))
        for row in corrections.indices { candidateRows.logarithms[row] += corrections[row] }
      }
      let choices = ImportanceResampling.choices(
        logarithms: candidateRows.logarithms, candidates: candidates, firstRow: block.lowerBound,
        seed: seed)
      for (row, choice) in zip(block, choices) {
        chosen[rows: row - rows.lowerBound..<row - rows.lowerBound + 1]
          .copy(from: candidateRows.rows[rows: choice..<choice + 1])
      }
    }
    return chosen
  }

  /// Corrects the density ratio by the margins of the table that was learned, where the
  /// configuration asks for it.
  mutating func rake(
    to sample: MarginSample, encoded: EncodedTable, seed: UInt64, in context: ComputeContext
  ) throws {
    guard let ratio, let resampling = configuration.resampling, resampling.candidates > 1,
      resampling.rakingRows > 0
    else { return }
    let real = CountedRows(
      table: sample.table, features: ratio.features(of: sample.rows, in: encoded, in: context),
      areLearned: true)
    let margins = MarginSubject.all(of: real.table, schema: schema, encoder: encoder)
      .compactMap { Margin($0, of: real) }
    guard !margins.isEmpty else { return }
    let candidates = resampling.candidates
    var fit = RakingFit(margins: margins, real: real, candidates: candidates)
    let room = Self.trialBytes / (MemoryLayout<UInt16>.size * candidates * margins.count)
    let count = min(sample.count, resampling.rakingRows, max(room, 1))
    // Rows that neither the ratio was learned from nor a user gets for the same seed.
    let rows = Self.firstPilotRow..<Self.firstPilotRow + count
    for block in Self.blocks(of: rows, candidates: candidates) {
      let part = try weighedRows(
        block, candidates: candidates, by: ratio, conditions: conditions, seed: ~seed, in: context)
      fit.add(
        try counted(part, for: block, candidates: candidates, seed: ~seed),
        logarithms: part.logarithms)
    }
    raking = fit.run()
  }

  private static let firstPilotRow = 1 << 41
  /// What the cells of the rows on trial may take in memory.
  private static let trialBytes = 96 << 20
  /// Generated rows at a time: what they take in memory is some 10 kB each.
  private static let block = 8192

  /// Ranges of so many rows that their candidates are a block.
  private static func blocks(of rows: Range<Int>, candidates: Int) -> [Range<Int>] {
    let size = max(1, block / candidates)
    return stride(from: rows.lowerBound, to: rows.upperBound, by: size)
      .map { $0..<min($0 + size, rows.upperBound) }
  }

  /// Generated rows with the logarithms of their density ratios and their derived features.
  private struct WeighedRows {
    var rows: Matrix
    var logarithms: [Float]
    var features: [[Double]]
  }

  /// The candidates of `rows`, settled.
  private func weighedRows(
    _ rows: Range<Int>, candidates: Int, by ratio: DensityRatio, conditions: ConditionFrequencies?,
    seed: UInt64, in context: ComputeContext
  ) throws -> WeighedRows {
    try context.withTeam {
      let generated = try generator.sample(
        rows: rows.lowerBound * candidates..<rows.upperBound * candidates, conditions: conditions,
        noiseWidth: configuration.generator.noiseWidth, seed: seed, in: context)
      let (logarithms, features) = try ratio.weigh(generated, in: context)
      return WeighedRows(rows: generated, logarithms: logarithms, features: features)
    }
  }

  /// The candidates of `rows` as they would be in the table: each draws what its row will draw.
  private func counted(
    _ part: WeighedRows, for rows: Range<Int>, candidates: Int, seed: UInt64
  ) throws -> CountedRows {
    let table = try part.rows.withUnsafeBufferPointer { buffer in
      try encoder.inverse(
        buffer, count: part.rows.rows, stride: part.rows.stride, firstRow: rows.lowerBound,
        candidates: candidates, seed: seed)
    }
    return CountedRows(table: table, features: part.features)
  }
}
