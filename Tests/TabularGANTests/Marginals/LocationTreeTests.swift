// SPDX-License-Identifier: Apache-2.0

import Tabular
import TableTestSupport
import Testing
import TabularGAN

/// Distances to nearest points, against every distance.
@Suite struct LocationTreeTests {
  private func points(_ count: Int, seed: UInt64, steps: Double) -> [(x: Float, y: Float)] {
    var random = SampleRandom(seed: seed)
    return (0..<count).map { _ in
      (Float((random.uniform() * steps).rounded()), Float((random.uniform() * steps).rounded()))
    }
  }

  /// Few steps make equal points, which must count as often as they are there.
  @Test(arguments: [(1, 100.0), (2, 100), (20, 3), (500, 10), (500, 1e4), (333, 0)])
  func nearestAreThoseOfAScan(count: Int, steps: Double) {
    let known = points(count, seed: 1, steps: steps)
    let tree = LocationTree(known)
    #expect(tree.count == count)
    for (number, query) in (points(50, seed: 2, steps: steps) + known.prefix(50)).enumerated() {
      let excluded = number % 3 == 0 ? Int32(number % count) : nil
      let squares = known.indices.filter { Int32($0) != excluded }.map { point -> Float in
        let (x, y) = (query.x - known[point].x, query.y - known[point].y)
        return x * x + y * y
      }.sorted()
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 7) { found in
        tree.nearest(x: query.x, y: query.y, excluding: excluded, into: found)
        let wanted =
          squares.prefix(7) + Array(repeating: .infinity, count: max(7 - squares.count, 0))
        #expect(Array(found) == Array(wanted))
      }
    }
  }
}
