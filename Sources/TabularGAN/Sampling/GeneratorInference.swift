// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import TabularEncoding

/// A finished generator: immutable, so that any number of threads may make rows with it at once.
struct GeneratorInference: Sendable {
  private let network: InferenceNetwork
  private let activation: OutputActivation
  private let noiseWidth: Int
  private let conditionWidth: Int
  let rowWidth: Int

  /// - Parameter noiseWidth: how many of the inputs are noise; the others are the condition.
  init(_ generator: Generator, noiseWidth: Int, in context: ComputeContext) throws {
    self.noiseWidth = noiseWidth
    conditionWidth = generator.inputWidth - noiseWidth
    rowWidth = generator.rowWidth
    activation = generator.activation
    network = try InferenceNetwork(
      generator.network, sparseInputs: conditionWidth, in: context)
  }

  func workspace(rows: Int) throws -> Workspace {
    Workspace(
      network: try network.workspace(rows: rows),
      conditions: conditionWidth == 0
        ? nil : try SparseRows(rows: rows, columns: conditionWidth, entries: 1))
  }

  /// What a thread needs to make rows.
  struct Workspace {
    fileprivate let network: InferenceWorkspace
    fileprivate let conditions: SparseRows?
  }

  /// Writes encoded rows, each determined by the seed, its number and the number of the candidate
  /// alone. O(rows x weights).
  ///
  /// - Parameters:
  ///   - numbers: of the rows, ascending.
  ///   - candidate: which of the rows that can be made for each number.
  ///   - conditions: what a condition is drawn from, if there are conditions.
  ///   - rows: at least `numbers.count` rows, of which the first ones are written.
  func write(
    _ numbers: [Int], candidate: Int, conditions: ConditionFrequencies?, seed: UInt64,
    into rows: Matrix, workspace: Workspace, in context: ComputeContext
  ) throws {
    let count = numbers.count
    let noise = network.input(rows: count, in: workspace.network)
    let stream = RandomPurpose.samplingNoise.stream(seed: seed, step: UInt64(candidate))
    let runs = Self.runs(of: numbers)
    for run in runs {
      try context.fillNormal(
        noise[rows: run], mean: 0, deviation: 1, random: stream,
        firstIndex: UInt64(numbers[run.lowerBound]) &* UInt64(noiseWidth))
    }
    let oneHot = workspace.conditions?[rows: 0..<count]
    if let conditions, let oneHot {
      oneHot.setOneHot(
        numbers.map { conditions.position(seed: seed, row: $0, candidate: candidate) })
    }
    let logits = try network.forward(
      rows: count, sparse: oneHot, workspace: workspace.network, in: context)
    let gumbel = RandomPurpose.samplingGumbel.stream(seed: seed, step: UInt64(candidate))
    for run in runs {
      try activation.sampleCategories(
        logits[rows: run], gumbel: gumbel,
        firstIndex: UInt64(numbers[run.lowerBound]) &* UInt64(rowWidth), into: rows[rows: run],
        in: context)
    }
    try activation.activateScalars(logits, into: rows[rows: 0..<count], in: context)
  }

  /// Ranges of positions that hold consecutive numbers: their random numbers are filled at once.
  private static func runs(of numbers: [Int]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var first = 0
    for position in 1...max(numbers.count, 1)
    where position >= numbers.count || numbers[position] != numbers[position - 1] + 1 {
      if position > first, position <= numbers.count { runs.append(first..<position) }
      first = position
    }
    return runs
  }
}
