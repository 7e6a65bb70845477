// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import WorkSharing

extension TabularSynthesizer {
  /// Generates `rows`; where the model has a density ratio, each is chosen among candidates.
  func chosenRows(
    _ rows: Range<Int>, conditions: ConditionFrequencies?, seed: UInt64, in context: ComputeContext
  ) throws -> Table {
    let selection = selection(seed: seed)
    let sampler = try candidateSampler(
      weighing: selection != nil, conditions: conditions, seed: seed, in: context)
    guard !rows.isEmpty else { return try sampler.noRows() }
    return try Table(
      joining: sampler.map(rows, threads: context.threads) { numbers, workspace in
        guard let selection else {
          return try sampler.candidates(numbers, 0, makesKeys: true, workspace: workspace).table
        }
        return try selection.rows(numbers, from: sampler, workspace: workspace)
      })
  }

  /// Those of `rows` that meet `tests`, with their numbers.
  func rows(
    _ rows: Range<Int>, meeting tests: [RowCondition], conditions: ConditionFrequencies?,
    seed: UInt64, in context: ComputeContext
  ) throws -> (numbers: [Int], table: Table) {
    let table = try chosenRows(rows, conditions: conditions, seed: seed, in: context)
    let met = try table.rows(where: tests)
    return (met.map { rows.lowerBound + $0 }, table.selecting(rows: met))
  }

  /// What makes candidates for rows, and weighs them by the density ratio if asked to.
  func candidateSampler(
    weighing: Bool, conditions: ConditionFrequencies?, seed: UInt64, in context: ComputeContext
  ) throws -> CandidateSampler {
    try CandidateSampler(
      generator: generator, noiseWidth: configuration.generator.noiseWidth,
      ratio: weighing ? ratio : nil, ratioBound: acceptance?.ratioBound ?? .infinity,
      raking: weighing ? raking : nil, encoder: encoder,
      conditions: conditions, seed: seed, in: context)
  }

  /// How rows are chosen among candidates; nil if every row is the first candidate.
  private func selection(seed: UInt64) -> RejectionSampling? {
    guard let acceptance, let candidates = configuration.resampling?.candidates,
      candidates > 1
    else { return nil }
    return RejectionSampling(bound: acceptance.bound, candidates: candidates, seed: seed)
  }
}

extension CandidateSampler {
  /// Calls `body` with blocks of consecutive row numbers that make up `rows`, side by side, each
  /// block on one thread. Where blocks begin depends on the number of threads; what is returned for
  /// a row must not.
  func map<Value: Sendable>(
    _ rows: Range<Int>, threads: Int,
    _ body: @Sendable ([Int], Workspace) throws -> Value
  ) throws -> [Value] {
    // Small enough that no thread is left with much more than the others, where there are few rows.
    let size = min(Self.maxRows, max(Self.minRows, rows.count / (4 * threads)))
    let firsts = Array(stride(from: rows.lowerBound, to: rows.upperBound, by: size))
    let pool = WorkspacePool(self)
    return try parallelMap(firsts.count, threads: threads) { index in
      Result {
        let numbers = Array(firsts[index]..<min(firsts[index] + size, rows.upperBound))
        return try pool.withWorkspace { try body(numbers, $0) }
      }
    }.map { try $0.get() }
  }

  /// Fewer rows do not pay for reading the weights.
  private static let minRows = 256
}
