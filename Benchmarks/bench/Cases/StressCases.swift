// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Denormal operands, and more threads than processors.
extension StressCase {
  /// On the strongest instruction set: denormals on one thread, and four times as many threads as
  /// the kernels take by themselves against as many as those.
  static func all(instructionSet: ck_isa, threads: Int) throws -> [StressCase] {
    let single = try BenchContext(instructionSet: instructionSet, threads: 1)
    let matched = try BenchContext(instructionSet: instructionSet, threads: threads)
    let crowded = try BenchContext(instructionSet: instructionSet, threads: 4 * threads)
    let denormal = Float.leastNormalMagnitude / 16
    var all = try LayerCall.allCases.map { call in
      let usual = try call.bind(to: single, in: -1...1)
      let unusual = try call.bind(to: single, in: -denormal...denormal)
      return StressCase(
        name: "denormals", call: call.rawValue, target: 1.2,
        usual: KernelWorkload(label: call.rawValue, context: single, call: usual),
        unusual: KernelWorkload(label: "denormals", context: single, call: unusual))
    }
    let name = "\(crowded.threads) threads for \(matched.threads)"
    for call in [LayerCall.forward, .backwardWeights] {
      let usual = try call.bind(to: matched, in: -1...1)
      let unusual = try call.bind(to: crowded, in: -1...1)
      all.append(
        StressCase(
          name: "session of " + name, call: call.rawValue, target: 3,
          usual: KernelWorkload(label: call.rawValue, context: matched, call: usual),
          unusual: KernelWorkload(label: name, context: crowded, call: unusual)))
      all.append(
        StressCase(
          name: "regions of " + name, call: call.rawValue, target: 3,
          usual: RegionWorkload(label: call.rawValue, call: usual),
          unusual: RegionWorkload(label: name, call: unusual)))
    }
    return all
  }
}

/// The calls of a training step of one layer of 256 inputs and outputs and 500 rows.
private enum LayerCall: String, CaseIterable {
  case forward = "dense_forward_packed_f32 500x256>256"
  case backwardData = "dense_backward_data_packed_f32 500x256>256"
  case backwardWeights = "dense_backward_weights_f32 500x256>256"
  case adam = "adam_step_f32 65536"
  case softmax = "softmax_f32 500x25x10"

  /// The call with all operands spread over `range`.
  func bind(
    to context: BenchContext, in range: ClosedRange<Float>
  ) throws -> () throws -> Void {
    let (m, n): (Int64, Int64) = (500, 256)
    let x = FloatBuffer(count: Int(m * n), seed: 1, in: range)
    let dz = FloatBuffer(count: Int(m * n), seed: 2, in: range)
    let w = FloatBuffer(count: Int(n * n), seed: 3, in: range)
    let bias = FloatBuffer(count: Int(n), seed: 4, in: range)
    let result = FloatBuffer(count: Int(m * n))
    let gradient = FloatBuffer(count: Int(n * n), seed: 5, in: range)
    let leaky = ck_activation(kind: CK_LEAKY_RELU, slope: 0.2)
    let pointer = context.pointer
    switch self {
    case .forward, .backwardData:
      let packed = try WeightPacking(context, outputs: n, inputs: n, weights: w, stride: n)
      let isForward = self == .forward
      return {
        try check(
          isForward
            ? ck_dense_forward_packed_f32(
              pointer, m, packed.pointer, x.pointer, n, bias.pointer, leaky, result.pointer, n)
            : ck_dense_backward_data_packed_f32(
              pointer, m, packed.pointer, dz.pointer, n, x.pointer, n, leaky, result.pointer, n),
          "a dense product")
      }
    case .backwardWeights:
      return {
        try check(
          ck_dense_backward_weights_f32(
            pointer, m, n, n, dz.pointer, n, x.pointer, n, gradient.pointer, n, bias.pointer,
            false), "ck_dense_backward_weights_f32")
      }
    case .adam:
      let mean = FloatBuffer(count: Int(n * n), seed: 6, in: range)
      let square = FloatBuffer(count: Int(n * n), seed: 7, in: 0...range.upperBound)
      var adam = ck_adam(
        learning_rate: 2e-4, beta1: 0.5, beta2: 0.9, epsilon: 1e-8, weight_decay: 1e-6, step: 10)
      return {
        try check(
          ck_adam_step_f32(
            pointer, n * n, &adam, gradient.pointer, mean.pointer, square.pointer, w.pointer),
          "ck_adam_step_f32")
      }
    case .softmax:
      let spans = (0..<25).map { ck_span(offset: Int64($0 * 10), width: 10) }
      return {
        try check(
          ck_softmax_f32(
            pointer, m, x.pointer, n, spans, Int64(spans.count), 0.2, result.pointer, n),
          "ck_softmax_f32")
      }
    }
  }
}
