// SPDX-License-Identifier: Apache-2.0

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
      buffers.realRows.withUnsafeMutableBufferPointer { rows in
        for (i, draw) in buffers.draws.enumerated() { rows[i] = draw.row }
      }
    } else {
      takeRows(from: first)
    }
    batch.writeReal(
      buffers.realRows, of: table, conditions: buffers.conditionPositions, into: buffers.realPacks,
      in: context)
  }

  /// Takes the rows at positions `first...` of the epochs, each pass in an order of
  /// its own, and rows of rare categories in the place of some.
  private func takeRows(from first: Int) {
    var taken = 0
    while taken < batchSize {
      let (epoch, position) = (first + taken).quotientAndRemainder(dividingBy: table.rowCount)
      let order = RowPermutation(count: table.rowCount, seed: seed, epoch: epoch)
      let slots = taken..<min(batchSize, taken + table.rowCount - position)
      buffers.realRows.withUnsafeMutableBufferPointer { rows in
        context.share(slots.count, nanoseconds: 60 * Double(slots.count)) { part in
          for i in part {
            let slot = slots.lowerBound + i
            rows[slot] = rareCategories?.row(at: UInt64(first + slot)) ?? order[position + i]
          }
        }
      }
      taken = slots.upperBound
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
    try context.fillNormal(
      buffers.generatorInput.dense, mean: 0, deviation: 1,
      random: purpose.stream(seed: seed, step: step))
    buffers.generatorInput.sparse?.setOneHot(buffers.conditionPositions)
  }

  /// The stream of the Gumbel noise, where the configuration asks for it.
  func gumbelStream(_ purpose: RandomPurpose, _ step: UInt64) -> RandomStream? {
    configuration.gumbelNoise ? purpose.stream(seed: seed, step: step) : nil
  }

  /// Draws the batch's conditions, numbers `first...` of the run.
  private func draw(from first: UInt64, _ sampler: ConditionalSampler) {
    let spans = sampler.spans.count
    let seed = self.seed
    buffers.draws.withUnsafeMutableBufferPointer { draws in
      buffers.conditionPositions.withUnsafeMutableBufferPointer { positions in
        buffers.conditionTargets.withUnsafeMutableBufferPointer { targets in
          context.share(batchSize, nanoseconds: 200 * Double(batchSize)) { part in
            for row in part {
              let draw = sampler.trainingDraw(seed: seed, index: first + UInt64(row))
              let condition = draw.condition
              draws[row] = draw
              positions[row] = sampler.spans[condition.span].conditionOffset + condition.category
              for span in 0..<spans {
                targets[row * spans + span] =
                  span == condition.span ? Int32(condition.category) : SoftmaxCrossEntropy.noTarget
              }
            }
          }
        }
      }
    }
  }
}

extension SparseRows {
  /// Makes each row, which has one entry, a one-hot vector.
  func setOneHot(_ positions: [Int]) {
    for (row, position) in positions.enumerated() {
      set(0, ofRow: row, column: position, value: 1)
    }
  }
}
