// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference

/// Softmax, Gumbel-softmax and their backward pass over the one-hot spans of a table's columns.
enum SoftmaxOperation: String, CaseIterable {
  case softmax = "softmax_f32"
  case gumbelSoftmax = "gumbel_softmax_f32"
  case backward = "softmax_backward_f32"

  private var kernels: [String] {
    switch self {
    case .softmax: return ["softmax_f32"]
    case .gumbelSoftmax: return ["softmax_f32", "random_gumbel_f32"]
    case .backward: return ["softmax_backward_f32"]
    }
  }

  private func instructions(width: Int) -> InstructionCount {
    switch self {
    case .softmax: return .softmax(width: width)
    // The noise is added.
    case .gumbelSoftmax: return .softmax(width: width) + .gumbel + InstructionCount(all: 1)
    case .backward: return .softmaxBackward
    }
  }

  static var cases: [KernelCase] {
    [
      (500, 12, 2, false), (500, 12, 4, false), (500, 12, 10, false), (8192, 12, 10, true),
      (8192, 2, 256, true),
    ].flatMap { shape in
      let (rows, spans, width, onlyInFull) = shape
      return allCases.map { operation in
        let values = Double(rows * spans * width)
        return KernelCase(
          operation: operation.rawValue, kernels: operation.kernels,
          shape: "\(rows)x\(spans)x\(width)", operations: nil,
          bytes: (operation == .backward ? 12 : 8) * values,
          instructions: operation.instructions(width: width)
            .over(elements: rows * spans * width), bound: .memory, onlyInFull: onlyInFull
        ) {
          PreparedSoftmax(operation, rows: rows, spans: spans, width: width)
        }
      }
    }
  }
}

private final class PreparedSoftmax: PreparedCase {
  /// The temperature of CTGAN's outputs.
  private static let temperature: Float = 0.2
  private static let stream = ck_random_stream(seed: 7, step: 3, purpose: 5)

  private let operation: SoftmaxOperation
  private let rows, columns, width: Int
  private let spans: [ck_span]
  /// Logits (or, backward, gradients), stored probabilities, results.
  private let x, probabilities, y: FloatBuffer

  init(_ operation: SoftmaxOperation, rows: Int, spans count: Int, width: Int) {
    self.operation = operation
    (self.rows, columns, self.width) = (rows, count * width, width)
    spans = (0..<count).map { ck_span(offset: Int64($0 * width), width: Int64(width)) }
    x = FloatBuffer(count: rows * columns, seed: 1, in: -2...2)
    probabilities = FloatBuffer(count: rows * columns, seed: 2, in: 0...1)
    y = FloatBuffer(count: rows * columns)
  }

  func bind(to context: BenchContext) -> () throws -> Void {
    { [self] in try check(call(context.pointer), operation.rawValue) }
  }

  private func call(_ context: OpaquePointer) -> ck_status {
    let (m, ld, count) = (Int64(rows), Int64(columns), Int64(spans.count))
    switch operation {
    case .softmax:
      return ck_softmax_f32(
        context, m, x.pointer, ld, spans, count, Self.temperature, y.pointer, ld)
    case .gumbelSoftmax:
      return ck_gumbel_softmax_f32(
        context, m, ld, x.pointer, ld, spans, count, Self.temperature, Self.stream, 0, y.pointer,
        ld)
    case .backward:
      return ck_softmax_backward_f32(
        context, m, x.pointer, ld, probabilities.pointer, ld, spans, count, Self.temperature,
        y.pointer, ld)
    }
  }

  func deviation(on context: BenchContext) throws -> Deviation {
    y.fill(.nan)
    try bind(to: context)()
    let compared = min(rows, 64)
    var exact = [Double](repeating: 0, count: compared * columns)
    var bounds = exact
    let (m, ld, count) = (Int64(compared), Int64(columns), Int64(spans.count))
    if operation == .backward {
      ck_reference_softmax_backward_f32(
        m, ld, x.pointer, ld, probabilities.pointer, ld, spans, count, Self.temperature, &exact,
        &bounds)
      var deviation = Deviation(bound: 1, unit: "the reference's bound")
      for i in exact.indices {
        deviation.include(abs(Double(y.pointer[i]) - exact[i]) / bounds[i])
      }
      return deviation
    }
    let noise =
      operation == .gumbelSoftmax
      ? exact.indices.map { Float(ck_reference_gumbel(Self.stream, UInt64($0))) } : nil
    ck_reference_softmax_f32(
      m, ld, x.pointer, ld, noise, ld, spans, count, Self.temperature, &exact, &bounds)
    // The exponents reach |x + g| / temperature = 100: their rounding, and that of the noise,
    // dominates.
    var deviation = Deviation(bound: Double(width + 400) * 0x1p-24, unit: "1")
    for i in exact.indices { deviation.include(abs(Double(y.pointer[i]) - exact[i])) }
    return deviation
  }
}
