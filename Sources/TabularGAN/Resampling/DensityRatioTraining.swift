// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore
import Tabular
import TabularEncoding

/// What learning a density ratio came to.
public struct DensityRatioResult: Sendable, Codable, Equatable {
  /// Passes over the real rows.
  public var epochs: Int
  /// Mean cross-entropy on held-out rows after calibration, nats; ln 2 = 0.693 is no difference.
  public var heldOutLoss: Double
}

/// Trains a ``DensityRatio`` against a finished generator.
struct DensityRatioTraining {
  /// One row in this many is held out for early stopping and calibration, at most `maxHeldOut`.
  private static let heldOutShare = 10
  private static let maxHeldOut = 8192
  /// Steps of a pass: a small table is gone through several times, a sample of a large one is
  /// enough.
  private static let steps = 50...400
  /// It stops after this many epochs without a better held-out loss.
  private static let patience = 3

  let ratio: DensityRatio
  let generator: Generator
  let table: EncodedTable
  let configuration: ResamplingConfiguration
  let conditions: ConditionFrequencies?
  let noiseWidth: Int
  let batchSize: Int
  let seed: UInt64
  let context: ComputeContext

  /// Learns, keeps the weights that were best on the held-out rows, and calibrates. O(passes x rows
  /// x weights).
  ///
  /// - Parameter onEpoch: called with the completed share, 0...1.
  func run(onEpoch: (Double) throws -> Void) throws -> DensityRatioResult {
    let order = RowPermutation(count: table.rowCount, seed: seed, epoch: Int(Int32.max))
    let heldOut = min(table.rowCount / Self.heldOutShare, Self.maxHeldOut)
    let learned = table.rowCount - heldOut
    let size = min(batchSize, learned)
    let steps = min(max(learned / size, Self.steps.lowerBound), Self.steps.upperBound)
    let scored = try heldOutInputs((learned..<table.rowCount).map { order[$0] })

    let inputs = try Matrix(rows: 2 * size, columns: ratio.inputWidth)
    let gradient = try Matrix(rows: 2 * size, columns: 1)
    let optimizer = try Adam(beta1: 0.9, beta2: 0.999)
    var best = (loss: Double.infinity, epoch: 0, tensors: try ratio.network.tensors())
    var epoch = 0
    while epoch < configuration.epochs, epoch - best.epoch < Self.patience || epoch == 0 {
      for step in 0..<steps {
        let number = epoch * steps + step
        let rows = (0..<size).map { order[(number * size + $0) % learned] }
        let progress = Double(number) / Double(configuration.epochs * steps)
        try context.withTeam {
          try fill(inputs, real: rows, firstGenerated: number * size)
          let logits = try ratio.network.forward(
            inputs, mode: .training(step: UInt64(number)), in: context)
          try loss(logits, real: size, gradient: gradient)
          _ = try ratio.network.backward(
            gradient, gradients: .overwrite, inputGradient: false, in: context)
          try optimizer.step(
            ratio.network.parameters,
            learningRate: configuration.learningRate
              * LearningRateSchedule.Decay.cosine.factor(at: progress), in: context)
        }
      }
      epoch += 1
      let logits = try ratio.network.forward(scored.inputs, mode: .inference, in: context)
      let heldOutLoss = Calibration(logits: logits, real: scored.real).loss
      if heldOutLoss < best.loss { best = (heldOutLoss, epoch, try ratio.network.tensors()) }
      try onEpoch(Double(epoch) / Double(configuration.epochs))
    }
    try ratio.network.load(best.tensors)
    let logits = try ratio.network.forward(scored.inputs, mode: .inference, in: context)
    let calibration = Calibration(logits: logits, real: scored.real)
    ratio.calibrate(slope: Float(calibration.slope))
    return DensityRatioResult(epochs: epoch, heldOutLoss: calibration.loss)
  }

  /// Real rows above as many generated ones.
  private func fill(_ inputs: Matrix, real rows: [Int], firstGenerated: Int) throws {
    let half = rows.count
    ratio.write(real: rows, of: table, into: inputs[rows: 0..<half], in: context)
    let generated = try generator.sample(
      rows: firstGenerated..<firstGenerated + half, conditions: conditions, noiseWidth: noiseWidth,
      seed: Self.generatedSeed(seed), in: context)
    ratio.discretize(generated)
    ratio.write(discretized: generated, into: inputs[rows: half..<2 * half], in: context)
  }

  private func heldOutInputs(_ rows: [Int]) throws -> (inputs: Matrix, real: Int) {
    let inputs = try Matrix(rows: 2 * rows.count, columns: ratio.inputWidth)
    // Rows far from those that are learned from.
    try fill(inputs, real: rows, firstGenerated: 1 << 40)
    return (inputs, rows.count)
  }

  /// Not the rows that a user gets for the same seed.
  private static func generatedSeed(_ seed: UInt64) -> UInt64 { ~seed }

  private func loss(_ logits: Matrix, real: Int, gradient: Matrix) throws {
    try BinaryCrossEntropyWithLogits.evaluate(
      logits: logits[rows: 0..<real], target: 1, gradient: gradient[rows: 0..<real])
    try BinaryCrossEntropyWithLogits.evaluate(
      logits: logits[rows: real..<logits.rows], target: 0,
      gradient: gradient[rows: real..<logits.rows])
  }
}
