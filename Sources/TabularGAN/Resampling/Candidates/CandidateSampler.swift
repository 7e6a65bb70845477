// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Tabular
import TabularEncoding

/// Makes candidates for the rows of a table, and weighs them where the model has a density ratio.
///
/// It never changes: any number of threads may use it at once, each with a ``Workspace``.
struct CandidateSampler: Sendable {
  private let generator: GeneratorInference
  private let ratio: Ratio?
  private let encoder: TableEncoder
  private let raking: Raking?
  private let conditions: ConditionFrequencies?
  private let seed: UInt64
  private let instructionSet: InstructionSet

  /// The classifier of a ``DensityRatio``.
  private struct Ratio: Sendable {
    let inputs: RatioInputs
    let network: InferenceNetwork
    let slope: Float
    /// No logarithm of a ratio is greater.
    let bound: Float
  }

  /// Rows that a thread makes at a time, at most: the weights of the networks are read once for all
  /// of them, and what they take in memory is some 10 kB each.
  static let maxRows = 2048

  /// - Parameters:
  ///   - conditions: what a conditional generator draws its conditions from.
  ///   - seed: of the random numbers.
  init(
    generator: Generator, noiseWidth: Int, ratio: DensityRatio?, ratioBound: Float,
    raking: Raking?, encoder: TableEncoder, conditions: ConditionFrequencies?, seed: UInt64,
    in context: ComputeContext
  ) throws {
    self.generator = try GeneratorInference(generator, noiseWidth: noiseWidth, in: context)
    self.ratio = try ratio.map {
      Ratio(
        inputs: $0.inputs, network: try InferenceNetwork($0.network, in: context), slope: $0.slope,
        bound: ratioBound)
    }
    self.raking = raking
    self.encoder = encoder
    self.conditions = conditions
    self.seed = seed
    instructionSet = context.instructionSet
  }

  /// What a thread needs: a context of its own and room for ``maxRows`` rows.
  final class Workspace {
    fileprivate let context: ComputeContext
    fileprivate let generator: GeneratorInference.Workspace
    fileprivate let ratio: InferenceWorkspace?
    /// Generated rows, where there is no ratio whose inputs they are.
    fileprivate let rows: Matrix?

    fileprivate init(_ sampler: CandidateSampler) throws {
      context = try ComputeContext(threads: 1, instructionSet: sampler.instructionSet)
      generator = try sampler.generator.workspace(rows: CandidateSampler.maxRows)
      ratio = try sampler.ratio?.network.workspace(rows: CandidateSampler.maxRows)
      rows =
        sampler.ratio == nil
        ? try Matrix(rows: CandidateSampler.maxRows, columns: sampler.encoder.width) : nil
    }
  }

  func workspace() throws -> Workspace { try Workspace(self) }

  /// Candidates for some rows: as they would be in the table, with the logarithms of their density
  /// ratios up to a constant, corrected by the marginals (0 without a ratio), and their derived
  /// features.
  struct Candidates {
    let numbers: [Int]
    let table: Table
    let features: [[Double]]
    var logarithms: [Float]
  }

  /// Makes a candidate for each row. O(rows x weights).
  ///
  /// - Parameters:
  ///   - numbers: of the rows, ascending, at most ``maxRows``.
  ///   - candidate: which of each row's candidates.
  ///   - makesKeys: whether the table has keys; else they are missing.
  func candidates(
    _ numbers: [Int], _ candidate: Int, makesKeys: Bool = false, workspace: Workspace
  ) throws -> Candidates {
    let context = workspace.context
    let count = numbers.count
    func makeRows(_ rows: Matrix) throws {
      try generator.write(
        numbers, candidate: candidate, conditions: conditions, seed: seed, into: rows,
        workspace: workspace.generator, in: context)
    }
    guard let ratio, let ratioWorkspace = workspace.ratio else {
      let rows = workspace.rows![rows: 0..<count]
      try makeRows(rows)
      return Candidates(
        numbers: numbers, table: try decoded(rows, numbers, makesKeys), features: [],
        logarithms: [Float](repeating: 0, count: count))
    }
    let inputs = ratio.network.input(rows: count, in: ratioWorkspace)
    let rows = inputs[columns: 0..<ratio.inputs.rowWidth]
    try makeRows(rows)
    ratio.inputs.complete(generated: inputs, in: context)
    let logits = try ratio.network.forward(rows: count, workspace: ratioWorkspace, in: context)
    let features = ratio.inputs.features(in: inputs)
    let table = try decoded(rows, numbers, makesKeys)
    var logarithms = (0..<count).map { min(ratio.slope * logits[$0, 0], ratio.bound) }
    if let raking {
      let corrections = raking.logarithms(of: CountedRows(table: table, features: features))
      for row in corrections.indices { logarithms[row] += corrections[row] }
    }
    return Candidates(
      numbers: numbers, table: table, features: features, logarithms: logarithms)
  }

  private func decoded(
    _ rows: Matrix, _ numbers: [Int], _ makesKeys: Bool
  ) throws(TabularError) -> Table {
    try rows.withUnsafeBufferPointer { (buffer) throws(TabularError) in
      try encoder.inverse(
        buffer, stride: rows.stride, numbers: numbers, makesKeys: makesKeys, seed: seed, threads: 1)
    }
  }

  /// The table with its rows' keys.
  func withKeys(_ table: Table, _ numbers: [Int]) throws(TabularError) -> Table {
    try encoder.replacingKeys(of: table, rows: numbers, seed: seed)
  }

  /// A table of the model's columns without rows.
  func noRows() throws(TabularError) -> Table {
    try encoder.inverse(
      UnsafeBufferPointer(start: nil, count: 0), stride: 0, numbers: [], seed: seed, threads: 1)
  }
}
