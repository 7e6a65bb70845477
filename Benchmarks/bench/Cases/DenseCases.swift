// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference

/// The dense operations, each with the activation of a discriminator (leaky ReLU) fused.
enum DenseOperation: String, CaseIterable {
  case forward = "dense_forward_f32"
  case tangent = "dense_tangent_f32"
  case backwardData = "dense_backward_data_f32"
  case backwardWeights = "dense_backward_weights_f32"
  case forwardPacked = "dense_forward_packed_f32"
  case tangentPacked = "dense_tangent_packed_f32"
  case backwardDataPacked = "dense_backward_data_packed_f32"
  // Operands of 16 bits, packed before; results in f32, as the networks take them.
  case forwardBF16 = "dense_forward_bf16"
  case backwardDataBF16 = "dense_backward_data_bf16"
  case backwardWeightsBF16 = "dense_backward_weights_bf16"
  case forwardF16 = "dense_forward_f16"
  case backwardDataF16 = "dense_backward_data_f16"
  case backwardWeightsF16 = "dense_backward_weights_f16"

  /// Of 16-bit operands.
  var format: ck_half_format? {
    switch self {
    case .forwardBF16, .backwardDataBF16, .backwardWeightsBF16: return CK_BF16
    case .forwardF16, .backwardDataF16, .backwardWeightsF16: return CK_F16
    default: return nil
    }
  }

  var kernels: [String] {
    switch self {
    case .forward, .tangent: return ["dense_block_f32", "pack_transposed_f32"]
    case .backwardData: return ["dense_block_f32", "pack_rows_f32"]
    case .backwardWeights:
      return ["weights_block_f32", "column_sums_f32", "pack_rows_f32"]
    case .forwardPacked, .tangentPacked, .backwardDataPacked: return ["dense_block_f32"]
    // Where operands are widened; instructions for 16-bit operands are in no level's table.
    case .forwardBF16, .backwardDataBF16: return ["dense_block_f32", "convert_bf16_to_f32"]
    case .backwardWeightsBF16: return ["weights_block_f32", "convert_bf16_to_f32"]
    case .forwardF16, .backwardDataF16: return ["dense_block_f32", "convert_f16_to_f32"]
    case .backwardWeightsF16: return ["weights_block_f32", "convert_f16_to_f32"]
    }
  }

  static var cases: [KernelCase] {
    let shapes = DenseShape.all.map { ($0, SharedOperands($0)) }
    return allCases.flatMap { operation in
      shapes.map { operation.kernelCase($0, operands: $1) }
    }
  }

  private func kernelCase(_ shape: DenseShape, operands: SharedOperands) -> KernelCase {
    let (m, n, k) = (Double(shape.rows), Double(shape.outputs), Double(shape.inputs))
    var floats = m * k + n * k + m * n
    switch self {
    case .forward, .forwardPacked, .backwardWeights: floats += n
    case .tangent, .tangentPacked: floats += m * n
    case .backwardData, .backwardDataPacked: floats += m * k
    // What is half as long counts half.
    case .forwardBF16, .forwardF16: floats = (m * k + n * k) / 2 + m * n + n
    case .backwardDataBF16, .backwardDataF16: floats = (m * n + n * k + m * k) / 2 + m * k
    case .backwardWeightsBF16, .backwardWeightsF16: floats = (m * n + m * k) / 2 + n * k + n
    }
    return KernelCase(
      operation: rawValue, kernels: kernels, shape: shape.label, operations: 2 * m * n * k,
      bytes: floats * 4, bound: .arithmetic, onlyInFull: shape.onlyInFull,
      prepare: { PreparedDense(self, operands.current) })
  }
}

/// A dense operation with its operands.
private final class PreparedDense: PreparedCase {
  private static let leaky = ck_activation(kind: CK_LEAKY_RELU, slope: 0.2)

  private let operation: DenseOperation
  private let operands: DenseOperands
  private let m, n, k: Int64
  private let ldn, ldk: Int64
  private var x: FloatBuffer { operands.x }
  private var w: FloatBuffer { operands.w }
  private var bias: FloatBuffer { operands.bias }
  private var h: FloatBuffer { operands.h }
  private var dz: FloatBuffer { operands.dz }
  private var y: FloatBuffer { operands.y }
  private var dx: FloatBuffer { operands.dx }
  private var dw: FloatBuffer { operands.dw }
  private var db: FloatBuffer { operands.db }

  init(_ operation: DenseOperation, _ operands: DenseOperands) {
    let shape = operands.shape
    self.operation = operation
    self.operands = operands
    (m, n, k) = (Int64(shape.rows), Int64(shape.outputs), Int64(shape.inputs))
    (ldn, ldk) = (Int64(operands.strideN), Int64(operands.strideK))
  }

  func bind(to context: BenchContext) throws -> () throws -> Void {
    if let format = operation.format { return try bindHalf(format, to: context) }
    let packed: WeightPacking?
    switch operation {
    case .forwardPacked, .tangentPacked, .backwardDataPacked:
      packed = try WeightPacking(context, outputs: n, inputs: k, weights: w, stride: ldk)
    default:
      packed = nil
    }
    return { [self] in try check(call(context.pointer, packed?.pointer), operation.rawValue) }
  }

  private func call(_ context: OpaquePointer, _ packed: OpaquePointer?) -> ck_status {
    let act = Self.leaky
    switch operation {
    case .forward:
      return ck_dense_forward_f32(
        context, m, n, k, x.pointer, ldk, w.pointer, ldk, bias.pointer, act, y.pointer, ldn)
    case .tangent:
      return ck_dense_tangent_f32(
        context, m, n, k, x.pointer, ldk, w.pointer, ldk, h.pointer, ldn, act, y.pointer, ldn)
    case .backwardData:
      return ck_dense_backward_data_f32(
        context, m, n, k, dz.pointer, ldn, w.pointer, ldk, x.pointer, ldk, act, dx.pointer, ldk)
    case .backwardWeights:
      return ck_dense_backward_weights_f32(
        context, m, n, k, dz.pointer, ldn, x.pointer, ldk, dw.pointer, ldk, db.pointer, false)
    case .forwardPacked:
      return ck_dense_forward_packed_f32(
        context, m, packed, x.pointer, ldk, bias.pointer, act, y.pointer, ldn)
    case .tangentPacked:
      return ck_dense_tangent_packed_f32(
        context, m, packed, x.pointer, ldk, h.pointer, ldn, act, y.pointer, ldn)
    case .backwardDataPacked:
      return ck_dense_backward_data_packed_f32(
        context, m, packed, dz.pointer, ldn, x.pointer, ldk, act, dx.pointer, ldk)
    case .forwardBF16, .backwardDataBF16, .backwardWeightsBF16, .forwardF16, .backwardDataF16,
      .backwardWeightsF16:
      return CK_ERROR_VALUE
    }
  }

  private func bindHalf(
    _ format: ck_half_format, to context: BenchContext
  ) throws -> () throws -> Void {
    let act = Self.leaky
    let x16 = try HalfBuffer(context, format, x, rows: m, columns: k, stride: ldk)
    let dz16 = try HalfBuffer(context, format, dz, rows: m, columns: n, stride: ldn)
    let packed = try WeightPacking(
      context, format: format, outputs: n, inputs: k, weights: w, stride: ldk)
    let y = ck_result(f32: self.y.pointer, half: nil, ld: ldn)
    let dx = ck_result(f32: self.dx.pointer, half: nil, ld: ldk)
    return { [self] in
      let status: ck_status
      switch operation {
      case .forwardBF16, .forwardF16:
        status = ck_dense_forward_half(
          context.pointer, m, packed.pointer, x16.pointer, ldk, bias.pointer, act, y)
      case .backwardDataBF16, .backwardDataF16:
        status = ck_dense_backward_data_half(
          context.pointer, m, packed.pointer, dz16.pointer, ldn, x16.pointer, ldk, act, dx)
      default:
        status = ck_dense_backward_weights_half(
          context.pointer, format, m, n, k, dz16.pointer, ldn, x16.pointer, ldk, dw.pointer, ldk,
          db.pointer, false)
      }
      try check(status, operation.rawValue)
    }
  }

  // MARK: Comparison with the reference

  /// The reference is slow, so of many rows (outputs, for the weight gradient) only the first and
  /// the last are compared: those of the whole tiles and those of the remainder.
  private static let comparedAtEachEnd: Int64 = 24

  private func comparedRanges(of count: Int64) -> [Range<Int64>] {
    let end = Self.comparedAtEachEnd
    return count <= 2 * end ? [0..<count] : [0..<end, (count - end)..<count]
  }

  func deviation(on context: BenchContext) throws -> Deviation {
    for result in [y, dx, dw, db] { result.fill(.nan) }
    try bind(to: context)()
    let depth: Int64
    switch operation {
    case .forward, .forwardPacked, .tangent, .tangentPacked, .forwardBF16, .forwardF16: depth = k
    case .backwardData, .backwardDataPacked, .backwardDataBF16, .backwardDataF16: depth = n
    case .backwardWeights, .backwardWeightsBF16, .backwardWeightsF16: depth = m
    }
    // One rounding for each step of the chain, the bias, the activation's product, and the store;
    // of both operands of 16 bits, by 2^-8 or 2^-11 each, and of the sums of float16 in 16 bits.
    let chain = Double(CK_F16_CHAIN)
    let rounding =
      switch operation.format {
      case CK_BF16: 0x1p-7 + 0x1p-16
      case CK_F16: 0x1p-10 + 0x1p-22 + chain / (2048 - chain)
      default: 0.0
      }
    var deviation = Deviation(
      bound: Double(depth + 3) * 0x1p-24 + rounding, unit: "sum of |terms|")
    if [.backwardWeights, .backwardWeightsBF16, .backwardWeightsF16].contains(operation) {
      for range in comparedRanges(of: n) { compareWeights(range, into: &deviation) }
    } else {
      for range in comparedRanges(of: m) { compareRows(range, into: &deviation) }
    }
    return deviation
  }

  /// What the reference says of some rows: the same for every context, and slow to find out.
  private struct Expected {
    var values, absolute: [Double]
    var bias: [Double] = []
    var absoluteBias: [Double] = []
  }

  private var known: [Range<Int64>: Expected] = [:]

  private func expected(_ range: Range<Int64>, _ compute: () -> Expected) -> Expected {
    if let found = known[range] { return found }
    let computed = compute()
    known[range] = computed
    return computed
  }

  private func compareRows(_ range: Range<Int64>, into deviation: inout Deviation) {
    let isBackward = [.backwardData, .backwardDataPacked, .backwardDataBF16, .backwardDataF16]
      .contains(operation)
    let (columns, stride) = isBackward ? (k, ldk) : (n, ldn)
    let expected = expected(range) { referenceRows(range, columns: Int(columns)) }
    let result = (isBackward ? dx : y).pointer + Int(range.lowerBound) * Int(stride)
    deviation.compare(
      result, stride: Int(stride), expected.values, expected.absolute, rows: range.count,
      columns: Int(columns))
  }

  private func referenceRows(_ range: Range<Int64>, columns: Int) -> Expected {
    let (first, count) = (Int(range.lowerBound), Int64(range.count))
    var expected = [Double](repeating: 0, count: range.count * columns)
    var absolute = expected
    let act = Self.leaky
    let xRows = x.pointer + first * Int(ldk)
    switch operation {
    case .forward, .forwardPacked, .forwardBF16, .forwardF16:
      ck_reference_dense_forward_f32(
        count, n, k, xRows, ldk, w.pointer, ldk, bias.pointer, act, &expected, &absolute)
    case .tangent, .tangentPacked:
      ck_reference_dense_tangent_f32(
        count, n, k, xRows, ldk, w.pointer, ldk, h.pointer + first * Int(ldn), ldn, act, &expected,
        &absolute)
    case .backwardData, .backwardDataPacked, .backwardDataBF16, .backwardDataF16:
      ck_reference_dense_backward_data_f32(
        count, n, k, dz.pointer + first * Int(ldn), ldn, w.pointer, ldk, xRows, ldk, act, &expected,
        &absolute)
    case .backwardWeights, .backwardWeightsBF16, .backwardWeightsF16:
      break
    }
    return Expected(values: expected, absolute: absolute)
  }

  private func compareWeights(_ range: Range<Int64>, into deviation: inout Deviation) {
    let (first, count) = (Int(range.lowerBound), range.count)
    let expected = expected(range) { referenceWeights(range) }
    deviation.compare(
      dw.pointer + first * Int(ldk), stride: Int(ldk), expected.values, expected.absolute,
      rows: count, columns: Int(k))
    deviation.compare(
      db.pointer + first, stride: count, expected.bias, expected.absoluteBias, rows: 1,
      columns: count)
  }

  private func referenceWeights(_ range: Range<Int64>) -> Expected {
    let (first, count) = (Int(range.lowerBound), range.count)
    var expected = [Double](repeating: 0, count: count * Int(k))
    var absolute = expected
    var expectedBias = [Double](repeating: 0, count: count)
    var absoluteBias = expectedBias
    ck_reference_dense_backward_weights_f32(
      m, Int64(count), k, dz.pointer + first, ldn, x.pointer, ldk, &expected, &expectedBias,
      &absolute, &absoluteBias)
    return Expected(
      values: expected, absolute: absolute, bias: expectedBias, absoluteBias: absoluteBias)
  }
}

extension Deviation {
  /// Takes in |result - expected| / absolute of every element of a row-major matrix.
  fileprivate mutating func compare(
    _ result: UnsafePointer<Float>, stride: Int, _ expected: [Double], _ absolute: [Double],
    rows: Int, columns: Int
  ) {
    for r in 0..<rows {
      for c in 0..<columns {
        let difference = abs(Double(result[r * stride + c]) - expected[r * columns + c])
        // Where all terms are zero the result must be too.
        let scale = absolute[r * columns + c]
        include(difference == 0 ? 0 : difference / scale)
      }
    }
  }
}
