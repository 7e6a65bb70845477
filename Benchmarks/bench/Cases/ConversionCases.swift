// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference

/// Conversion between float and the 16-bit formats.
enum ConversionOperation: String, CaseIterable {
  case toBFloat16 = "convert_f32_to_bf16"
  case fromBFloat16 = "convert_bf16_to_f32"
  case toFloat16 = "convert_f32_to_f16"
  case fromFloat16 = "convert_f16_to_f32"

  var format: ck_half_format {
    self == .toBFloat16 || self == .fromBFloat16 ? CK_BF16 : CK_F16
  }
  var isNarrowing: Bool { self == .toBFloat16 || self == .toFloat16 }

  static var cases: [KernelCase] {
    [(1 << 16, false), (1 << 22, true)].flatMap { count, onlyInFull in
      allCases.map { operation in
        KernelCase(
          operation: operation.rawValue, kernels: [operation.rawValue], shape: "\(count)",
          operations: nil, bytes: 6 * Double(count),
          instructions: (operation.isNarrowing ? InstructionCount.narrowing : .widening)
            .over(elements: count), bound: .memory, onlyInFull: onlyInFull
        ) {
          PreparedConversion(operation, count: count)
        }
      }
    }
  }
}

private final class PreparedConversion: PreparedCase {
  private let operation: ConversionOperation
  private let floats: FloatBuffer
  private let halves: UnsafeMutablePointer<UInt16>

  init(_ operation: ConversionOperation, count: Int) {
    self.operation = operation
    floats = FloatBuffer(count: count, seed: 1, in: -1000...1000)
    halves = UnsafeMutableRawPointer.allocate(byteCount: max(64, count * 2), alignment: 64)
      .bindMemory(to: UInt16.self, capacity: count)
    halves.initialize(repeating: 0, count: count)
    for i in 0..<count { halves[i] = ck_reference_round(operation.format, floats.pointer[i]) }
  }

  deinit { halves.deallocate() }

  func bind(to context: BenchContext) -> () throws -> Void {
    { [self] in
      let count = Int64(floats.count)
      let format = operation.format
      let status =
        operation.isNarrowing
        ? ck_convert_f32_to_half(context.pointer, format, count, floats.pointer, halves)
        : ck_convert_half_to_f32(context.pointer, format, count, halves, floats.pointer)
      try check(status, operation.rawValue)
    }
  }

  /// The floats there and back: what has 16 bits must come back as it is.
  func deviation(on context: BenchContext) throws -> Deviation {
    floats.fill(seed: 1, in: -1000...1000)
    let expected = (0..<floats.count).map {
      ck_reference_round(operation.format, floats.pointer[$0])
    }
    if operation.isNarrowing {
      halves.update(repeating: 0, count: floats.count)
    } else {
      halves.update(from: expected, count: floats.count)
      floats.fill(.nan)
    }
    try bind(to: context)()
    var deviation = Deviation(bound: 0, unit: "values that differ")
    var wrong = 0.0
    for i in 0..<floats.count {
      let found =
        operation.isNarrowing
        ? halves[i] : ck_reference_round(operation.format, floats.pointer[i])
      if found != expected[i] { wrong += 1 }
    }
    deviation.include(wrong)
    return deviation
  }
}
