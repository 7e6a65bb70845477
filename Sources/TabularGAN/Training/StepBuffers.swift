// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import TabularEncoding

/// What a training step reads and overwrites, allocated once for all steps.
///
/// Rows are rows of the table; packs are rows of a network's input, each of one row or several.
final class StepBuffers {
  /// Noise, and behind it the conditions.
  let generatorInput: MixedMatrix
  let realPacks: MixedMatrix
  let generatedPacks: MixedMatrix
  let scoreGradient: Matrix
  let realScores: Matrix
  let rowGradient: Matrix
  var realRows: [Int]
  /// The conditions of the batch with the real rows that meet them; empty without.
  var draws: [ConditionalSampler.Draw]
  /// For each row of the batch, the position of the condition vector that is 1; empty without.
  var conditionPositions: [Int]
  /// For each row and categorical span the wanted category, or none.
  var conditionTargets: [Int32]

  /// Buffers for batches of `batchSize` rows.
  ///
  /// - Throws: `NumericError.outOfMemory`.
  init(
    batchSize: Int, noiseWidth: Int, table: EncodedTable, batch: BatchAssembler,
    sampler: ConditionalSampler?
  ) throws {
    let packCount = batchSize / batch.rowsPerPack
    generatorInput = MixedMatrix(
      try Matrix(rows: batchSize, columns: noiseWidth),
      try sampler.map { try SparseRows(rows: batchSize, columns: $0.width, entries: 1) })
    if let sparse = try batch.sparsePacks(packCount, of: table) {
      realPacks = try MixedMatrix(sparse)
      generatedPacks = MixedMatrix(
        try Matrix(rows: packCount, columns: batch.rowsWidth),
        try batch.conditions(packs: packCount))
    } else {
      // Stacked, so that they can be scored together.
      let rows = try Matrix(rows: 2 * packCount, columns: batch.rowsWidth)
      realPacks = MixedMatrix(rows[rows: 0..<packCount], try batch.conditions(packs: packCount))
      generatedPacks = MixedMatrix(
        rows[rows: packCount..<2 * packCount], try batch.conditions(packs: packCount))
    }
    scoreGradient = try Matrix(rows: 2 * packCount, columns: 1)
    realScores = try Matrix(rows: packCount, columns: 1)
    rowGradient = try Matrix(rows: batchSize, columns: table.width)
    realRows = Array(repeating: 0, count: batchSize)
    draws = Array(
      repeating: ConditionalSampler.Draw(condition: .init(span: 0, category: 0), row: 0),
      count: sampler == nil ? 0 : batchSize)
    conditionPositions = sampler == nil ? [] : Array(repeating: 0, count: batchSize)
    conditionTargets = Array(
      repeating: SoftmaxCrossEntropy.noTarget, count: batchSize * (sampler?.spans.count ?? 0))
  }
}
