// SPDX-License-Identifier: Apache-2.0

import CKernels

/// What the bits of a 16-bit operand mean.
public enum HalfFormat: Sendable, CaseIterable {
  /// The upper half of a `Float`: its range with 8 bits of precision.
  case bfloat16
  /// IEEE half precision: 11 bits, up to 65504.
  case float16

  var kernel: ck_half_format {
    switch self {
    case .bfloat16: CK_BF16
    case .float16: CK_F16
    }
  }
}
