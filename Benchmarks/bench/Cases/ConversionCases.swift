import CKernels

/// Conversion between float and bfloat16.
enum ConversionOperation: String, CaseIterable {
  case toBFloat16 = "convert_f32_to_bf16"
  case toFloat = "convert_bf16_to_f32"

  static var cases: [KernelCase] {
    [(1 << 16, false), (1 << 22, true)].flatMap { count, onlyInFull in
      allCases.map { operation in
        KernelCase(
          operation: operation.rawValue, kernels: [operation.rawValue], shape: "\(count)",
          operations: nil, bytes: 6 * Double(count),
          instructions: (operation == .toFloat ? InstructionCount.widening : .narrowing)
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
    for i in 0..<count { halves[i] = Self.rounded(floats.pointer[i]) }
  }

  deinit { halves.deallocate() }

  /// The upper half of the bits, to the nearest, ties to even.
  private static func rounded(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    return UInt16(truncatingIfNeeded: (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16)
  }

  func bind(to context: KernelContext) -> () throws -> Void {
    { [self] in
      let count = Int64(floats.count)
      let status =
        operation == .toBFloat16
        ? ck_convert_f32_to_bf16(context.pointer, count, floats.pointer, halves)
        : ck_convert_bf16_to_f32(context.pointer, count, halves, floats.pointer)
      try check(status, operation.rawValue)
    }
  }

  func deviation(on context: KernelContext) throws -> Deviation {
    floats.fill(seed: 1, in: -1000...1000)
    let expected = (0..<floats.count).map { Self.rounded(floats.pointer[$0]) }
    switch operation {
    case .toBFloat16: halves.update(repeating: 0, count: floats.count)
    case .toFloat: floats.fill(.nan)
    }
    try bind(to: context)()
    var deviation = Deviation(bound: 0, unit: "values that differ")
    var wrong = 0.0
    for i in 0..<floats.count {
      let isRight =
        operation == .toBFloat16
        ? halves[i] == expected[i]
        : floats.pointer[i].bitPattern == UInt32(expected[i]) << 16
      if !isRight { wrong += 1 }
    }
    deviation.include(wrong)
    return deviation
  }
}
