// SPDX-License-Identifier: Apache-2.0

import CKernels
import NumericCore
import Testing

/// The Swift enumeration is written by hand: it must have the levels of isa_levels.def.
@Suite struct InstructionSetTests {
  private let levels = (0..<CK_ISA_COUNT.rawValue).map { ck_isa(rawValue: $0) }

  private func names(_ levels: [ck_isa]) -> [String] {
    levels.map { String(cString: ck_isa_name($0)) }
  }

  @Test func everyLevelHasACase() {
    #expect(InstructionSet.allCases.map(\.rawValue) == names(levels))
  }

  @Test func theSameLevelsAreAvailable() {
    #expect(
      InstructionSet.available.map(\.rawValue) == names(levels.filter { ck_isa_available($0) }))
  }
}
