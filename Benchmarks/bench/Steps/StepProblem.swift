// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore

/// What a step works on, the same for every side: the batch in memory and the initial weights.
struct StepProblem {
  let cell: StepCell
  /// Noise of the generator, `batch` by 128. Row i is member i / packs of pack i % packs.
  let noise: Matrix
  /// Real packs, `packs` by `packWidth`.
  let real: Matrix
  /// Where the interpolates lie between real and generated packs, `packs` by 1.
  let alphas: Matrix

  private static let seed: UInt64 = 20
  /// The stream of `alphas`, for `Interpolates`.
  static let interpolation = RandomStream(seed: seed, purpose: 3, step: 0)

  init(_ cell: StepCell, in context: ComputeContext) throws {
    self.cell = cell
    noise = try Matrix(rows: cell.batch, columns: StepCell.noiseWidth)
    real = try Matrix(rows: cell.packs, columns: cell.packWidth)
    alphas = try Matrix(rows: cell.packs, columns: 1)
    try context.fillNormal(noise, random: RandomStream(seed: Self.seed, purpose: 1, step: 0))
    try context.fillNormal(
      real, deviation: 0.5, random: RandomStream(seed: Self.seed, purpose: 2, step: 0))
    try context.fillUniform(alphas, random: Self.interpolation)
  }

  /// A generator with its initial weights.
  func generator(in context: ComputeContext) throws -> Sequential {
    let widths = [StepCell.noiseWidth, cell.hidden, cell.hidden, StepCell.rowWidth]
    return try Sequential(
      (0..<3).map { layer in
        try Dense(
          name: "generator.\(layer)", inputs: widths[layer], outputs: widths[layer + 1],
          activation: layer < 2 ? .relu : .tanh, seed: Self.seed, in: context)
      })
  }

  /// A discriminator with its initial weights.
  func discriminator(in context: ComputeContext) throws -> MultilayerPerceptron {
    try MultilayerPerceptron(
      name: "discriminator", inputs: cell.packWidth, hidden: [cell.hidden, cell.hidden],
      activation: .leakyReLU(slope: StepCell.leakySlope), seed: Self.seed, in: context)
  }

  /// Writes all of it as a safetensors file. There, noise is in the order of a pack's rows, so that
  /// packs of a generator's output are a view of it.
  func write(to path: String, in context: ComputeContext) throws {
    var tensors = try generator(in: context).tensors()
    tensors.merge(try discriminator(in: context).tensors()) { first, _ in first }
    let width = StepCell.noiseWidth
    let values = noise.toArray()
    let order = (0..<cell.packs).flatMap { pack in
      (0..<cell.rowsPerPack).map { $0 * cell.packs + pack }
    }
    tensors["noise"] = Tensor(
      shape: [cell.batch, width],
      values: order.flatMap { values[$0 * width..<($0 + 1) * width] })
    tensors["real"] = Tensor(shape: [cell.packs, cell.packWidth], values: real.toArray())
    tensors["alphas"] = Tensor(shape: [cell.packs, 1], values: alphas.toArray())
    try Safetensors(tensors: tensors).write(to: path)
  }
}
