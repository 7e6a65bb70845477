import NeuralNetworks
import NumericCore
import Tabular

extension GANTrainer {
  /// Fills the real half of the packs for discriminator step `step`, with conditions where the
  /// generator is conditioned.
  func drawRealRows(_ step: UInt64) {
    let first = Int(step) * batchSize
    if let sampler {
      for i in 0..<batchSize {
        let draw = sampler.trainingDraw(seed: seed, index: UInt64(first + i))
        set(draw.condition, row: i, sampler)
        realRows[i] = draw.row
      }
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
    batch.writeReal(realRows, of: table, into: realPacks)
    batch.writeConditions(conditionPositions, into: realPacks)
  }

  /// Draws the conditions of generator step `step`.
  func drawConditions(_ step: UInt64) {
    guard let sampler else { return }
    // The upper half of the index range keeps these draws apart from the discriminator's.
    let first = 1 << 62 | step &* UInt64(batchSize)
    for i in 0..<batchSize {
      set(sampler.trainingDraw(seed: seed, index: first + UInt64(i)).condition, row: i, sampler)
    }
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

  private func set(
    _ condition: ConditionalSampler.Condition, row: Int, _ sampler: ConditionalSampler
  ) {
    conditionPositions[row] = sampler.spans[condition.span].conditionOffset + condition.level
    for span in sampler.spans.indices {
      conditionTargets[row * sampler.spans.count + span] =
        span == condition.span ? Int32(condition.level) : SoftmaxCrossEntropy.noTarget
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
