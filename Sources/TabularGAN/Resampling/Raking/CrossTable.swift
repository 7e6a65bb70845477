// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The cells of two marginals together: group of the first by group of the second.
struct CrossTable {
  private let groups: [UInt8]
  private let otherGroups: [UInt8]
  /// Groups of the second marginal.
  let width: Int
  let count: Int

  init(_ first: Marginal, _ second: Marginal) {
    groups = first.groups
    otherGroups = second.groups
    width = second.groupCount
    count = first.groupCount * width
  }

  /// The cell of each row, from the cells of both marginals. O(rows).
  func cells(_ first: [UInt16], _ second: [UInt16]) -> [UInt16] {
    var cells = [UInt16](repeating: 0, count: first.count)
    groups.withUnsafeBufferPointer { groups in
      otherGroups.withUnsafeBufferPointer { others in
        for row in cells.indices {
          cells[row] = UInt16(
            Int(groups[Int(first[row])]) * width + Int(others[Int(second[row])]))
        }
      }
    }
    return cells
  }

  /// Sums of counts by group of the first and of the second marginal.
  func sums(_ counts: [Double]) -> (first: [Double], second: [Double]) {
    var sums = (
      first: [Double](repeating: 0, count: count / width),
      second: [Double](repeating: 0, count: width)
    )
    for (cell, value) in counts.enumerated() {
      sums.first[cell / width] += value
      sums.second[cell % width] += value
    }
    return sums
  }
}
