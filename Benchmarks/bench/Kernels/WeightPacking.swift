import CKernels

/// Weights packed for one context.
final class WeightPacking {
  let pointer: OpaquePointer
  private let isNarrow: Bool

  /// - Parameter format: of 16-bit weights, or nil for those of single precision.
  init(
    _ context: BenchContext, format: ck_narrow_format? = nil, outputs: Int64, inputs: Int64,
    weights: FloatBuffer, stride: Int64
  ) throws {
    var created: OpaquePointer?
    let status =
      if let format {
        ck_packed_narrow_weights_create(context.pointer, format, outputs, inputs, &created)
      } else {
        ck_packed_weights_create(context.pointer, outputs, inputs, &created)
      }
    try check(status, "creating packed weights")
    guard let created else {
      throw KernelFailure(call: "creating packed weights", text: "no weights")
    }
    pointer = created
    isNarrow = format != nil
    try check(
      isNarrow
        ? ck_packed_narrow_weights_update(context.pointer, created, weights.pointer, stride)
        : ck_packed_weights_update(context.pointer, created, weights.pointer, stride),
      "packing weights")
  }

  deinit {
    if isNarrow {
      ck_packed_narrow_weights_destroy(pointer)
    } else {
      ck_packed_weights_destroy(pointer)
    }
  }
}
