// SPDX-License-Identifier: Apache-2.0

import TabularGAN
import Testing

@Suite struct RowPermutationTests {
  @Test(arguments: [1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1000, 4096, 10_007])
  func everyRowOnce(count: Int) {
    let order = RowPermutation(count: count, seed: 3, epoch: 2)
    let rows = (0..<count).map { order[$0] }
    #expect(Set(rows) == Set(0..<count), "count \(count)")
  }

  @Test func seedsAndEpochsDiffer() {
    func rows(_ seed: UInt64, _ epoch: Int) -> [Int] {
      let order = RowPermutation(count: 1000, seed: seed, epoch: epoch)
      return (0..<1000).map { order[$0] }
    }
    #expect(rows(1, 0) == rows(1, 0))
    #expect(rows(1, 0) != rows(1, 1))
    #expect(rows(1, 0) != rows(2, 0))
  }

  /// Fixed points of a random permutation are Poisson with mean 1: more than 9 have p < 1e-6.
  @Test(arguments: 0..<20) func fewFixedPoints(epoch: Int) {
    let order = RowPermutation(count: 1000, seed: 11, epoch: epoch)
    #expect((0..<1000).count { order[$0] == $0 } <= 9)
  }
}
