// SPDX-License-Identifier: Apache-2.0

import CBenchProbes
import CKernels

/// The rate of one kind of vector instruction: registers only, nothing else.
struct InstructionProbe: Workload {
  enum Kind: String, CaseIterable {
    case wideMultiply = "wide multiply"
    case divide
    case root
    case any = "any vector"

    var probe: probe_instruction_kind {
      switch self {
      case .wideMultiply: return PROBE_WIDE_MULTIPLY
      case .divide: return PROBE_DIVIDE
      case .root: return PROBE_ROOT
      case .any: return PROBE_ANY
      }
    }
  }

  let kind: Kind
  let instructionSet: ck_isa
  let threads: Int

  var name: String { "\(kind.rawValue), \(instructionSet.name)" }
  var label: String { "\(name) limit, threads \(threads)" }

  private static let repeats: UInt64 = 20_000

  /// Operations on 16 lanes of one call, over all threads.
  var operations: Double {
    probe_instructions_per_iteration() * Double(Self.repeats) * Double(threads)
      * probe_lanes(instructionSet.probe) / 16
  }

  func seconds(iterations: Int) -> Double {
    probe_instruction(
      kind.probe, instructionSet.probe, Int32(threads), Self.repeats * UInt64(iterations))
  }
}
