// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularEncoding

extension TabularSynthesizer {
  /// Generates `rows`; where the model has a density ratio, each is chosen among candidates.
  func chosenRows(
    _ rows: Range<Int>, conditions: ConditionFrequencies?, seed: UInt64, in context: ComputeContext
  ) throws -> Table {
    guard let selection else {
      let generated = try context.withTeam {
        try generator.sample(
          rows: rows, conditions: conditions, noiseWidth: configuration.generator.noiseWidth,
          seed: seed, in: context)
      }
      return try decoded(generated, firstRow: rows.lowerBound, seed: seed, in: context)
    }
    let blocks = try Self.blocks(of: rows, candidates: selection.candidates).map { block in
      try chosenCandidates(
        of: block, selection, meeting: [], conditions: conditions, seed: seed, in: context
      ).table
    }
    return blocks.isEmpty ? try noRows(seed: seed, in: context) : try Table(joining: blocks)
  }

  /// Those of `rows` that meet `tests`, with their numbers.
  func rows(
    _ rows: Range<Int>, meeting tests: [RowCondition], conditions: ConditionFrequencies?,
    seed: UInt64, in context: ComputeContext
  ) throws -> (numbers: [Int], table: Table) {
    guard let selection, !tests.isEmpty else {
      let table = try chosenRows(rows, conditions: conditions, seed: seed, in: context)
      let met = try table.rows(where: tests)
      return (met.map { rows.lowerBound + $0 }, table.selecting(rows: met))
    }
    var numbers: [Int] = []
    var tables = [try noRows(seed: seed, in: context)]
    for block in Self.blocks(of: rows, candidates: selection.candidates) {
      let part = try chosenCandidates(
        of: block, selection, meeting: tests, conditions: conditions, seed: seed, in: context)
      numbers += part.numbers
      tables.append(part.table)
    }
    return (numbers, try Table(joining: tables))
  }

  /// A table of the model's columns without rows.
  private func noRows(seed: UInt64, in context: ComputeContext) throws -> Table {
    try decoded(Matrix(rows: 0, columns: encoder.width), firstRow: 0, seed: seed, in: context)
  }

  /// What rows are chosen by and among how many, where they are chosen.
  private var selection: (ratio: DensityRatio, candidates: Int)? {
    guard let ratio, let candidates = configuration.resampling?.candidates, candidates > 1
    else { return nil }
    return (ratio, candidates)
  }

  /// The candidates that are chosen for the rows of a block, if they meet `tests`.
  ///
  /// Tests come before the choice: a row none of whose candidates meets them need not be weighed,
  /// which takes about as long as making the candidates.
  private func chosenCandidates(
    of block: Range<Int>, _ selection: (ratio: DensityRatio, candidates: Int),
    meeting tests: [RowCondition], conditions: ConditionFrequencies?, seed: UInt64,
    in context: ComputeContext
  ) throws -> (numbers: [Int], table: Table) {
    let (ratio, candidates) = selection
    var rows = try discretizedCandidates(
      of: block, candidates, for: ratio, conditions: conditions, seed: seed, in: context)
    var numbers = Array(block)
    var table: Table?
    if raking != nil || !tests.isEmpty {
      table = try decoded(
        rows, firstRow: block.lowerBound, candidates: candidates, seed: seed, in: context)
    }
    var meets: [Bool]?
    if !tests.isEmpty, let all = table {
      var isMet = [Bool](repeating: false, count: all.rowCount)
      for index in try all.rows(where: tests) { isMet[index] = true }
      let groups = (0..<block.count)
        .filter { isMet[$0 * candidates..<($0 + 1) * candidates].contains(true) }
      let members = groups.flatMap { $0 * candidates..<($0 + 1) * candidates }
      numbers = groups.map { block.lowerBound + $0 }
      rows = try rows.selecting(members)
      table = all.selecting(rows: members)
      meets = members.map { isMet[$0] }
    }
    guard !numbers.isEmpty else { return ([], try noRows(seed: seed, in: context)) }
    var (logarithms, features) = try context.withTeam { try ratio.weigh(rows, in: context) }
    if let raking, let table {
      let corrections = raking.logarithms(
        of: CountedRows(table: table, features: features), threads: context.threads)
      for row in corrections.indices { logarithms[row] += corrections[row] }
    }
    let choices = ImportanceResampling.choices(
      logarithms: logarithms, candidates: candidates, rows: numbers, seed: seed)
    let taken = choices.indices.filter { meets?[choices[$0]] ?? true }
    numbers = taken.map { numbers[$0] }
    let chosen = taken.map { choices[$0] }
    guard let table else {
      // Without tests every row of the block is taken, so the numbers are consecutive.
      return (
        numbers,
        try decoded(
          try rows.selecting(chosen), firstRow: block.lowerBound, seed: seed, in: context)
      )
    }
    return (
      numbers,
      try encoder.replacingKeys(of: table.selecting(rows: chosen), rows: numbers, seed: seed)
    )
  }

  /// Corrects the density ratio by the marginals of the table that was learned, where the
  /// configuration asks for it.
  ///
  /// - Parameter onProgress: called with the completed share, 0...1.
  mutating func rake(
    to sample: MarginalSample, encoded: EncodedTable, seed: UInt64, in context: ComputeContext,
    onProgress: (Double) throws -> Void
  ) throws {
    guard let ratio, let resampling = configuration.resampling, resampling.candidates > 1,
      resampling.rakingRows > 0
    else { return }
    let real = CountedRows(
      table: sample.table, features: try ratio.features(of: sample.rows, in: encoded, in: context),
      areLearned: true)
    let marginals = MarginalSubject.all(
      of: real.table, schema: schema, encoder: encoder, derived: derived
    )
    .compactMap { Marginal($0, of: real) }
    guard !marginals.isEmpty else { return }
    try onProgress(0)
    let candidates = resampling.candidates
    var fit = RakingFit(
      marginals: marginals, real: real, candidates: candidates, threads: context.threads)
    let room = Self.trialBytes / (MemoryLayout<UInt16>.size * candidates * marginals.count)
    let count = min(sample.count, resampling.rakingRows, max(room, 1))
    // Rows that neither the ratio was learned from nor a user gets for the same seed.
    let rows = Self.firstPilotRow..<Self.firstPilotRow + count
    for block in Self.blocks(of: rows, candidates: candidates) {
      let part = try discretizedCandidates(
        of: block, candidates, for: ratio, conditions: conditions, seed: ~seed, in: context)
      let (logarithms, features) = try context.withTeam { try ratio.weigh(part, in: context) }
      let table = try decoded(
        part, firstRow: block.lowerBound, candidates: candidates, seed: ~seed, in: context)
      fit.add(CountedRows(table: table, features: features), logarithms: logarithms)
      // The rounds that follow take about a tenth of the total time.
      try onProgress(0.9 * Double(block.upperBound - rows.lowerBound) / Double(count))
    }
    raking = fit.run()
    try onProgress(1)
  }

  private static let firstPilotRow = 1 << 41
  /// What the cells of the rows on trial may take in memory.
  private static let trialBytes = 96 << 20
  /// Generated rows at a time: what they take in memory is some 10 kB each.
  private static let block = 8192

  /// Ranges of rows whose candidates fill a block.
  private static func blocks(of rows: Range<Int>, candidates: Int) -> [Range<Int>] {
    let size = max(1, block / candidates)
    return stride(from: rows.lowerBound, to: rows.upperBound, by: size)
      .map { $0..<min($0 + size, rows.upperBound) }
  }

  /// The candidates of `rows`, discretized.
  private func discretizedCandidates(
    of rows: Range<Int>, _ candidates: Int, for ratio: DensityRatio,
    conditions: ConditionFrequencies?, seed: UInt64, in context: ComputeContext
  ) throws -> Matrix {
    let generated = try context.withTeam {
      try generator.sample(
        rows: rows.lowerBound * candidates..<rows.upperBound * candidates, conditions: conditions,
        noiseWidth: configuration.generator.noiseWidth, seed: seed, in: context)
    }
    ratio.discretize(generated)
    return generated
  }

  /// Encoded rows as a table: candidates as they would be in it, each drawing what its row will
  /// draw.
  private func decoded(
    _ rows: Matrix, firstRow: Int, candidates: Int = 1, seed: UInt64, in context: ComputeContext
  ) throws -> Table {
    try rows.withUnsafeBufferPointer { buffer in
      try encoder.inverse(
        buffer, count: rows.rows, stride: rows.stride, firstRow: firstRow, candidates: candidates,
        seed: seed, threads: context.threads)
    }
  }
}

extension Matrix {
  /// The selected rows, in the given order.
  fileprivate func selecting(_ positions: [Int]) throws(NumericError) -> Matrix {
    let selected = try Matrix(rows: positions.count, columns: columns)
    for (row, index) in positions.enumerated() {
      selected[rows: row..<row + 1].copy(from: self[rows: index..<index + 1])
    }
    return selected
  }
}
