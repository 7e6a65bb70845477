import CKernels

/// A matrix rounded to bfloat16.
final class HalfBuffer {
  let pointer: UnsafeMutablePointer<ck_bf16>

  init(
    _ context: KernelContext, _ source: FloatBuffer, rows: Int64, columns: Int64, stride: Int64
  ) throws {
    let count = max(Int(rows * stride), 1)
    pointer = UnsafeMutableRawPointer.allocate(
      byteCount: (count * 2 + 127) / 64 * 64, alignment: 64
    )
    .bindMemory(to: ck_bf16.self, capacity: count)
    pointer.initialize(repeating: 0, count: count)
    try check(
      ck_convert_rows_f32_to_bf16(
        context.pointer, rows, columns, source.pointer, stride, pointer, stride),
      "ck_convert_rows_f32_to_bf16")
  }

  deinit { pointer.deallocate() }
}
