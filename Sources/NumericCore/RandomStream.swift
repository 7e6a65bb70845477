// SPDX-License-Identifier: Apache-2.0

import CKernels

/// A stream of random numbers (Philox4x32-10, Salmon et al., 2011): the value at an index depends
/// on seed, purpose, step and the index alone, so results are the same in any order and on any
/// number of threads.
public struct RandomStream: Sendable, Equatable {
  /// The seed of the whole run.
  public var seed: UInt64
  /// Keeps the uses of one seed apart.
  public var purpose: UInt32
  /// Keeps the uses in time apart, as the number of a training step.
  public var step: UInt64

  /// The stream of a seed for one purpose in one step. O(1): there is no state to set up.
  public init(seed: UInt64, purpose: UInt32, step: UInt64) {
    self.seed = seed
    self.purpose = purpose
    self.step = step
  }

  var kernel: ck_random_stream { ck_random_stream(seed: seed, step: step, purpose: purpose) }
}

extension ComputeContext {
  /// Uniform numbers in the open interval (0, 1). Element (r, c) is element
  /// `firstIndex + r * columns + c` of the stream, here and below.
  public func fillUniform(
    _ matrix: Matrix, random: RandomStream, firstIndex: UInt64 = 0
  ) throws(NumericError) {
    try check(
      ck_random_uniform_f32(
        handle, Int64(matrix.rows), Int64(matrix.columns), random.kernel, firstIndex, matrix.base,
        Int64(matrix.stride)))
  }

  /// Normal numbers.
  public func fillNormal(
    _ matrix: Matrix, mean: Float = 0, deviation: Float = 1, random: RandomStream,
    firstIndex: UInt64 = 0
  ) throws(NumericError) {
    try check(
      ck_random_normal_f32(
        handle, Int64(matrix.rows), Int64(matrix.columns), mean, deviation, random.kernel,
        firstIndex, matrix.base, Int64(matrix.stride)))
  }

  /// Standard Gumbel numbers.
  public func fillGumbel(
    _ matrix: Matrix, random: RandomStream, firstIndex: UInt64 = 0
  ) throws(NumericError) {
    try check(
      ck_random_gumbel_f32(
        handle, Int64(matrix.rows), Int64(matrix.columns), random.kernel, firstIndex, matrix.base,
        Int64(matrix.stride)))
  }
}
