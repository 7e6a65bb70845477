// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The instruction sets that kernels exist for, weakest first.
public enum InstructionSet: String, CaseIterable, Sendable, Comparable {
  case portable, avx2, avx512, neon

  /// Those that this machine can run.
  public static var available: [InstructionSet] { allCases.filter { ck_isa_available($0.level) } }

  /// Whether `a` comes before `b` in the numbering of `ck_isa`, so that on one architecture the
  /// maximum is the best set.
  public static func < (a: InstructionSet, b: InstructionSet) -> Bool {
    a.level.rawValue < b.level.rawValue
  }

  var level: ck_isa {
    switch self {
    case .portable: CK_ISA_PORTABLE
    case .avx2: CK_ISA_AVX2
    case .avx512: CK_ISA_AVX512
    case .neon: CK_ISA_NEON
    }
  }
}
