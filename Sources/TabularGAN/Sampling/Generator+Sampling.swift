// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Tabular

extension Generator {
  /// Encoded rows `rows` of the endless table that `seed` stands for: row `i` depends on the seed
  /// and `i` alone, whatever range it is asked for in.
  ///
  /// - Returns: rows by `rowWidth`, valid until the generator is used again.
  func sample(
    rows: Range<Int>, conditions: ConditionFrequencies?, noiseWidth: Int, seed: UInt64,
    in context: ComputeContext
  ) throws -> Matrix {
    let noise = try Matrix(rows: rows.count, columns: noiseWidth)
    try context.fillNormal(
      noise, mean: 0, deviation: 1,
      random: RandomPurpose.samplingNoise.stream(seed: seed, step: 0),
      firstIndex: UInt64(rows.lowerBound) &* UInt64(noiseWidth))
    let oneHot = try conditions.map { conditions in
      let oneHot = try SparseRows(rows: rows.count, columns: inputWidth - noiseWidth, entries: 1)
      oneHot.setOneHot(rows.map { conditions.position(seed: seed, row: $0) })
      return oneHot
    }
    return try forward(
      MixedMatrix(noise, oneHot), mode: .inference,
      gumbel: RandomPurpose.samplingGumbel.stream(seed: seed, step: 0), firstRow: rows.lowerBound,
      in: context)
  }
}
