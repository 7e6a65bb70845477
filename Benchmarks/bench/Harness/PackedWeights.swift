import CKernels

/// Weights packed for one context.
final class PackedWeights {
  let pointer: OpaquePointer

  init(
    _ context: KernelContext, outputs: Int64, inputs: Int64, weights: FloatBuffer, stride: Int64
  ) throws {
    var created: OpaquePointer?
    try check(
      ck_packed_weights_create(context.pointer, outputs, inputs, &created),
      "ck_packed_weights_create")
    guard let created else {
      throw KernelFailure(call: "ck_packed_weights_create", text: "no weights")
    }
    pointer = created
    try check(
      ck_packed_weights_update(context.pointer, created, weights.pointer, stride),
      "ck_packed_weights_update")
  }

  deinit { ck_packed_weights_destroy(pointer) }
}
