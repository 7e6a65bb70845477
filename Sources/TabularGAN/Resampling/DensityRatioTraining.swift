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
  /// Steps for which generated rows are made at a time.
  private static let stepsAtOnce = 16

  let ratio: DensityRatio
  /// Makes the rows that are not real.
  let generated: GeneratedRows
  let table: EncodedTable
  let configuration: ResamplingConfiguration
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

    let inputs = try Matrix(rows: 2 * size, columns: ratio.inputs.width)
    let gradient = try Matrix(rows: 2 * size, columns: 1)
    let optimizer = try Adam(beta1: 0.9, beta2: 0.999)
    var best = (loss: Double.infinity, epoch: 0, tensors: try ratio.network.tensors())
    var epoch = 0
    let made = try Matrix(rows: Self.stepsAtOnce * size, columns: ratio.inputs.rowWidth)
    while epoch < configuration.epochs, epoch - best.epoch < Self.patience || epoch == 0 {
      for step in 0..<steps {
        let number = epoch * steps + step
        let turn = step % Self.stepsAtOnce
        if turn == 0 {
          let count = min(Self.stepsAtOnce, steps - step) * size
          try generated.write(number * size..<number * size + count, into: made[rows: 0..<count])
        }
        let rows = (0..<size).map { order[(number * size + $0) % learned] }
        let progress = Double(number) / Double(configuration.epochs * steps)
        try context.withTeam {
          try fill(inputs, real: rows, generated: made[rows: turn * size..<(turn + 1) * size])
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
  private func fill(_ inputs: Matrix, real rows: [Int], generated: Matrix) throws {
    let half = rows.count
    ratio.inputs.write(real: rows, of: table, into: inputs[rows: 0..<half], in: context)
    let below = inputs[rows: half..<2 * half]
    try context.copy(generated, into: below[columns: 0..<ratio.inputs.rowWidth])
    ratio.inputs.complete(generated: below, in: context)
  }

  private func heldOutInputs(_ rows: [Int]) throws -> (inputs: Matrix, real: Int) {
    let inputs = try Matrix(rows: 2 * rows.count, columns: ratio.inputs.width)
    // Rows far from those that are learned from.
    let first = 1 << 40
    let made = try Matrix(rows: rows.count, columns: ratio.inputs.rowWidth)
    try generated.write(first..<first + rows.count, into: made)
    try fill(inputs, real: rows, generated: made)
    return (inputs, rows.count)
  }

  private func loss(_ logits: Matrix, real: Int, gradient: Matrix) throws {
    try BinaryCrossEntropyWithLogits.evaluate(
      logits: logits[rows: 0..<real], target: 1, gradient: gradient[rows: 0..<real])
    try BinaryCrossEntropyWithLogits.evaluate(
      logits: logits[rows: real..<logits.rows], target: 0,
      gradient: gradient[rows: real..<logits.rows])
  }
}
