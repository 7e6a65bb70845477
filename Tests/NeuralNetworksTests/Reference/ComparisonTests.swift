// SPDX-License-Identifier: Apache-2.0

import Testing

@Suite("The tests' own comparison")
struct ComparisonTests {
  @Test("passes what is within the bound")
  func passes() {
    expectClose([1, 2, 3], [1, 2.0000001, 3], terms: 10, "close values")
  }

  @Test(
    "fails on what is off, not finite, or of another length",
    arguments: [[1, 2, .nan], [1, 2, .infinity], [1, 2, -3], [1, 2, 3.001], [1, 2]] as [[Float]])
  func fails(_ values: [Float]) {
    withKnownIssue {
      expectClose(values, [1, 2, 3], terms: 10, "other values")
    }
  }
}
