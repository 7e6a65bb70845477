import CKernels

/// Weights packed for one context.
final class PackedWeights {
  /// What the operands of the products are.
  enum Kind { case f32, bf16 }

  let pointer: OpaquePointer
  private let kind: Kind

  init(
    _ context: KernelContext, kind: Kind = .f32, outputs: Int64, inputs: Int64,
    weights: FloatBuffer, stride: Int64
  ) throws {
    var created: OpaquePointer?
    let status =
      switch kind {
      case .f32: ck_packed_weights_create(context.pointer, outputs, inputs, &created)
      case .bf16: ck_packed_weights_bf16_create(context.pointer, outputs, inputs, &created)
      }
    try check(status, "creating packed weights")
    guard let created else {
      throw KernelFailure(call: "creating packed weights", text: "no weights")
    }
    pointer = created
    self.kind = kind
    try check(
      kind == .f32
        ? ck_packed_weights_update(context.pointer, created, weights.pointer, stride)
        : ck_packed_weights_bf16_update(context.pointer, created, weights.pointer, stride),
      "packing weights")
  }

  deinit {
    switch kind {
    case .f32: ck_packed_weights_destroy(pointer)
    case .bf16: ck_packed_weights_bf16_destroy(pointer)
    }
  }
}
