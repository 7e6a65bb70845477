// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Weights packed for one context.
final class WeightPacking {
  let pointer: OpaquePointer
  private let isHalf: Bool

  /// - Parameter format: of 16-bit weights, or nil for those of single precision.
  init(
    _ context: BenchContext, format: ck_half_format? = nil, outputs: Int64, inputs: Int64,
    weights: FloatBuffer, stride: Int64
  ) throws {
    var created: OpaquePointer?
    let status =
      if let format {
        ck_packed_half_weights_create(context.pointer, format, outputs, inputs, &created)
      } else {
        ck_packed_weights_create(context.pointer, outputs, inputs, &created)
      }
    try check(status, "creating packed weights")
    guard let created else {
      throw KernelFailure(call: "creating packed weights", text: "no weights")
    }
    pointer = created
    isHalf = format != nil
    try check(
      isHalf
        ? ck_packed_half_weights_update(context.pointer, created, weights.pointer, stride)
        : ck_packed_weights_update(context.pointer, created, weights.pointer, stride),
      "packing weights")
  }

  deinit {
    if isHalf {
      ck_packed_half_weights_destroy(pointer)
    } else {
      ck_packed_weights_destroy(pointer)
    }
  }
}
