// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// The mask of inverted dropout (Srivastava and others 2014): 0 with probability `rate`, otherwise
/// 1 / (1 - rate).
///
/// Element (r, c) depends on seed, name, step, r and c alone.
struct DropoutMask {
  let rate: Float
  let name: String
  let seed: UInt64
  private var storage = ReusableMatrix()

  init(rate: Float, name: String, seed: UInt64) throws(NeuralNetworkError) {
    try NeuralNetworkError.require(
      rate >= 0 && rate < 1, "The dropout rate of \(name)", rate, "at least 0 and below 1")
    self.rate = rate
    self.name = name
    self.seed = seed
  }

  /// The mask of a step, or nil where nothing is dropped.
  mutating func mask(
    rows: Int, columns: Int, mode: Mode, in context: ComputeContext
  ) throws -> Matrix? {
    guard case .training(let step) = mode, rate > 0 else { return nil }
    let mask = try storage.matrix(rows: rows, columns: columns)
    try context.fillUniform(
      mask, random: LayerPurpose.dropout.stream(seed: seed, name: name, step: step))
    let rate = self.rate
    let kept = 1 / (1 - rate)
    mask.forEachRow(in: context) { _, m in
      for j in 0..<columns { m[j] = m[j] < rate ? 0 : kept }
    }
    return mask
  }
}
