import CKernels

/// The numbers that dense products are made of; sums are always of single precision.
public enum Precision: String, Sendable, Codable, CaseIterable {
  /// 32-bit operands.
  case float32
  /// 16-bit operands with the range of a `Float` and 8 bits of precision.
  case bfloat16
  /// The faster of the two on the machine at hand, by measured rates.
  case automatic
}

extension ComputeContext {
  /// What `precision` comes to here: `.automatic` is bfloat16 where dot-product instructions are
  /// measured to be faster than multiply-adds, else single precision. The first call measures for
  /// less than a millisecond.
  public func resolve(_ precision: Precision) -> Precision {
    guard precision == .automatic else { return precision }
    var rate = ck_bf16_rate()
    guard ck_context_bf16_rate(handle, &rate) == CK_OK else { return .float32 }
    return rate.path == CK_BF16_DOT ? .bfloat16 : .float32
  }
}
