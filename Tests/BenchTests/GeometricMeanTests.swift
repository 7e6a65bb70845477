// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import bench

@Suite("Geometric mean")
struct GeometricMeanTests {
  @Test("a ratio and its inverse cancel")
  func inverses() throws {
    #expect(abs(try #require(geometricMean([4, 0.25])) - 1) < 1e-12)
    #expect(abs(try #require(geometricMean([1, 2, 4])) - 2) < 1e-12)
  }

  @Test(
    "what has no logarithm has no mean",
    arguments: [[], [1, 0], [1, -1], [1, .nan], [.infinity]] as [[Double]])
  func undefined(values: [Double]) {
    #expect(geometricMean(values) == nil)
  }
}
