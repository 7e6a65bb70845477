// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The comparator must be able to fail.
@Suite struct ComparisonTests {
  @Test(arguments: [
    (Float.nan, 1.0, 1.0), (1, .nan, 1), (1, 1, .nan), (.infinity, 1, 1e300), (1, .infinity, 1),
    (-.infinity, .infinity, 1), (1.5, 1, 0.49),
  ])
  func fails(value: Float, reference: Double, bound: Double) {
    var comparison = Comparison()
    comparison.add(value, reference, bound: bound, "here")
    #expect(!comparison.passes, "\(value), \(reference), \(bound)")
  }

  @Test(arguments: [(Float(1), 1.0, 0.0), (.infinity, .infinity, 0), (1.5, 1, 0.5)])
  func passes(value: Float, reference: Double, bound: Double) {
    var comparison = Comparison()
    comparison.add(value, reference, bound: bound, "here")
    #expect(comparison.passes, "\(value), \(reference), \(bound)")
  }

  @Test func poisonShows() {
    let matrix = PoisonedMatrix(rows: 2, columns: 3, seed: 1)
    #expect(matrix.padsAreIntact)
    matrix.base[3] = .nan
    #expect(!matrix.padsAreIntact)
  }
}
