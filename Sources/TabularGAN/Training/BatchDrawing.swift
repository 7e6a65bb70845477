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
      realRows.withUnsafeMutableBufferPointer { rows in
        for (i, draw) in draws.enumerated() { rows[i] = draw.row }
      }
    } else {
      takeRows(from: first)
    }
    batch.writeReal(realRows, of: table, into: realPacks, in: context)
    batch.writeConditions(conditionPositions, into: realPacks)
  }

  /// Takes the rows at positions `first...` of the passes over the table, each pass in an order of
  /// its own, and rows of rare levels in the place of some.
  private func takeRows(from first: Int) {
    var taken = 0
    while taken < batchSize {
      let (epoch, position) = (first + taken).quotientAndRemainder(dividingBy: table.rowCount)
      let order = RowPermutation(count: table.rowCount, seed: seed, epoch: epoch)
      let places = taken..<min(batchSize, taken + table.rowCount - position)
      realRows.withUnsafeMutableBufferPointer { rows in
        context.share(places.count, nanoseconds: 60 * Double(places.count)) { part in
          for i in part {
            let place = places.lowerBound + i
            rows[place] = rareLevels?.row(at: UInt64(first + place)) ?? order[position + i]
          }
        }
      }
      taken = places.upperBound
    }
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
    let spans = sampler.spans.count
    let seed = self.seed
    draws.withUnsafeMutableBufferPointer { draws in
      conditionPositions.withUnsafeMutableBufferPointer { positions in
        conditionTargets.withUnsafeMutableBufferPointer { targets in
          context.share(batchSize, nanoseconds: 200 * Double(batchSize)) { part in
            for row in part {
              let draw = sampler.trainingDraw(seed: seed, index: first + UInt64(row))
              let condition = draw.condition
              draws[row] = draw
              positions[row] = sampler.spans[condition.span].conditionOffset + condition.level
              for span in 0..<spans {
                targets[row * spans + span] =
                  span == condition.span ? Int32(condition.level) : SoftmaxCrossEntropy.noTarget
              }
            }
          }
        }
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
