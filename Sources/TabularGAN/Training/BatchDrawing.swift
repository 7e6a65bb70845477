import NeuralNetworks
import NumericCore
import Tabular

extension GANTrainer {
  /// Fills the real half of the packs for discriminator step `step`, with conditions where the
  /// generator is conditioned.
  func drawRealRows(_ step: UInt64) {
    let first = Int(step) * batchSize
    if let sampler {
      draw(from: UInt64(first), sampler)
      for (i, draw) in draws.enumerated() { realRows[i] = draw.row }
    } else {
      for i in 0..<batchSize {
        let (epoch, position) = (first + i).quotientAndRemainder(dividingBy: table.rowCount)
        if permutation?.epoch != epoch {
          permutation = (
            epoch, RowPermutation(count: table.rowCount, seed: seed, epoch: epoch)
          )
        }
        realRows[i] = permutation!.order[position]
      }
    }
    batch.writeReal(realRows, of: table, into: realPacks, in: context)
    batch.writeConditions(conditionPositions, into: realPacks)
  }

  /// Draws the conditions of generator step `step`.
  func drawConditions(_ step: UInt64) {
    guard let sampler else { return }
    // The upper half of the index range keeps these draws apart from the discriminator's.
    draw(from: 1 << 62 | step &* UInt64(batchSize), sampler)
  }

  /// Fills the generator's input: noise, and the conditions that were drawn.
  func drawNoise(_ purpose: RandomPurpose, _ step: UInt64) throws {
    let noiseWidth = configuration.generator.noiseWidth
    try context.fillNormal(
      noise[columns: 0..<noiseWidth], mean: 0, deviation: 1,
      random: purpose.stream(seed: seed, step: step))
    guard !conditionPositions.isEmpty else { return }
    noise.writeOneHot(conditionPositions, from: noiseWidth)
  }

  /// The stream of the Gumbel noise, where the configuration asks for it.
  func gumbelStream(_ purpose: RandomPurpose, _ step: UInt64) -> RandomStream? {
    configuration.gumbelNoise ? purpose.stream(seed: seed, step: step) : nil
  }

  /// Draws the batch's conditions, numbers `first...` of the run.
  private func draw(from first: UInt64, _ sampler: ConditionalSampler) {
    draws.withUnsafeMutableBufferPointer { draws in
      context.share(batchSize, nanoseconds: 200 * Double(batchSize)) { part in
        for i in part { draws[i] = sampler.trainingDraw(seed: seed, index: first + UInt64(i)) }
      }
    }
    for (row, draw) in draws.enumerated() {
      let condition = draw.condition
      conditionPositions[row] = sampler.spans[condition.span].conditionOffset + condition.level
      for span in sampler.spans.indices {
        conditionTargets[row * sampler.spans.count + span] =
          span == condition.span ? Int32(condition.level) : SoftmaxCrossEntropy.noTarget
      }
    }
  }
}

extension Matrix {
  /// Writes a one-hot vector into columns `first...` of each row.
  func writeOneHot(_ positions: [Int], from first: Int) {
    withUnsafeMutableBufferPointer { buffer in
      for (row, position) in positions.enumerated() {
        let start = row * stride
        buffer[start + first..<start + columns].update(repeating: 0)
        buffer[start + first + position] = 1
      }
    }
  }
}
