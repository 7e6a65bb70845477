// SPDX-License-Identifier: Apache-2.0

import CKernels
import Testing

@testable import bench

@Suite struct ArithmeticProbeTests {
  /// A level without a probe of its own would be measured beside the peak of `portable`.
  @Test func everyLevelOfX86HasItsOwn() {
    #if arch(x86_64)
      let levels = (0..<CK_ISA_COUNT.rawValue).map { ck_isa(rawValue: $0) }
        .filter { ck_isa_available($0) }
      let operations = levels.map {
        ArithmeticProbe(instructionSet: $0, threads: 1).operations
      }
      #expect(Set(operations).count == levels.count, "\(operations)")
    #endif
  }
}
