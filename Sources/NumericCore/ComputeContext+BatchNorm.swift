// SPDX-License-Identifier: Apache-2.0

import CKernels

extension ComputeContext {
  /// y[M,N] = activation((x - mean) inverseDeviation weight + bias) with the batch's own statistics
  /// (Ioffe and Szegedy, 2015), which `mean`, `variance` (the unbiased one) and `inverseDeviation`,
  /// 1 / sqrt(biased variance + epsilon), receive. All vectors are 1 x N; M is at least 2. O(MN).
  public func batchNormForward(
    _ x: Matrix, weight: Matrix, bias: Matrix, epsilon: Float, activation: Activation,
    mean: Matrix, variance: Matrix, inverseDeviation: Matrix, into y: Matrix
  ) throws(NumericError) {
    try y.require(x.rows, x.columns, "The output")
    for (vector, name) in [
      (weight, "scale"), (bias, "shift"), (mean, "mean"), (variance, "variance"),
      (inverseDeviation, "inverse deviation"),
    ] {
      try vector.require(1, x.columns, "Batch normalization's \(name)")
    }
    if x.rows < 2 {
      throw .invalidParameter(
        "A batch of \(x.rows) rows has no variance, but batch normalization needs one: 2 rows or more"
      )
    }
    try ParameterRange.positive.require(epsilon, "Batch normalization's epsilon")
    try check(
      ck_batch_norm_forward_f32(
        handle, Int64(x.rows), Int64(x.columns), x.base, Int64(x.stride), weight.base, bias.base,
        epsilon, activation.kernel, mean.base, variance.base, inverseDeviation.base, y.base,
        Int64(y.stride)), into: "The output or a statistic of batch normalization")
  }

  /// The gradients by scale, shift and (where `dx` is given) input from `dy`; `y` is the stored
  /// output, the statistics are those it was made with. With `fixedStatistics` they did not depend
  /// on the batch. O(MN).
  public func batchNormBackward(
    _ dy: Matrix, output y: Matrix, input x: Matrix, weight: Matrix, mean: Matrix,
    inverseDeviation: Matrix, activation: Activation, fixedStatistics: Bool,
    weightGradient: Matrix, biasGradient: Matrix, into dx: Matrix?
  ) throws(NumericError) {
    try y.require(dy.rows, dy.columns, "The stored output")
    try x.require(dy.rows, dy.columns, "The stored input")
    try dx?.require(dy.rows, dy.columns, "The input gradient")
    for (vector, name) in [
      (weight, "scale"), (mean, "mean"), (inverseDeviation, "inverse deviation"),
      (weightGradient, "scale's gradient"), (biasGradient, "shift's gradient"),
    ] {
      try vector.require(1, dy.columns, "Batch normalization's \(name)")
    }
    try check(
      ck_batch_norm_backward_f32(
        handle, Int64(dy.rows), Int64(dy.columns), dy.base, Int64(dy.stride), y.base,
        Int64(y.stride), x.base, Int64(x.stride), weight.base, mean.base, inverseDeviation.base,
        activation.kernel, fixedStatistics, weightGradient.base, biasGradient.base, dx?.base,
        Int64(dx?.stride ?? 0)), into: "A gradient of batch normalization")
  }
}
