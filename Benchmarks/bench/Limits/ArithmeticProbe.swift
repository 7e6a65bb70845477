// SPDX-License-Identifier: Apache-2.0

import CBenchProbes
import CKernels

/// Peak fp32 multiply-add of one instruction set: registers only, nothing else.
struct ArithmeticProbe: Workload {
  let instructionSet: ck_isa
  let threads: Int

  var label: String { "arithmetic limit, \(instructionSet.name), threads \(threads)" }

  /// One call is long enough that starting the threads does not count.
  private static let repeats: UInt64 = 100_000

  /// Floating-point operations of one call, over all threads.
  var operations: Double {
    probe_fma_operations(level) * Double(Self.repeats) * Double(threads)
  }

  func seconds(iterations: Int) -> Double {
    probe_fma(level, Int32(threads), Self.repeats * UInt64(iterations))
  }

  private var level: probe_isa { instructionSet.probe }
}

extension ck_isa {
  /// The probes' name for it.
  var probe: probe_isa {
    switch self {
    case CK_ISA_AVX2: return PROBE_AVX2
    case CK_ISA_AVX512: return PROBE_AVX512
    default: return PROBE_PORTABLE
    }
  }
}
