// SPDX-License-Identifier: Apache-2.0

import CKernels

/// A matrix rounded to a 16-bit format.
final class HalfBuffer {
  let pointer: UnsafeMutablePointer<ck_half>

  init(
    _ context: BenchContext, _ format: ck_half_format, _ source: FloatBuffer, rows: Int64,
    columns: Int64, stride: Int64
  ) throws {
    let count = max(Int(rows * stride), 1)
    pointer = UnsafeMutableRawPointer.allocate(
      byteCount: (count * 2 + 127) / 64 * 64, alignment: 64
    )
    .bindMemory(to: ck_half.self, capacity: count)
    pointer.initialize(repeating: 0, count: count)
    try check(
      ck_convert_rows_f32_to_half(
        context.pointer, format, rows, columns, source.pointer, stride, pointer, stride),
      "ck_convert_rows_f32_to_half")
  }

  deinit { pointer.deallocate() }
}
