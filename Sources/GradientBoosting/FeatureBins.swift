// SPDX-License-Identifier: Apache-2.0

/// How the values of one feature are put into at most 255 bins before trees are grown.
package struct FeatureBins: Sendable {
  private enum Rule: Sendable {
    /// Bin i holds values up to `upperBounds[i]`; greater ones are in the bin after the last bound.
    case numeric(upperBounds: [Double])
    /// Bin of each category code; codes beyond them are in the bin of missing values.
    case category(binOfCategory: [UInt8])
  }
  private static let maximum = 255
  /// A bin of fewer rows says nothing that could be relied on.
  private static let minRows = 3

  private let rule: Rule
  /// Bins, the one for missing values among them.
  let binCount: Int
  let isCategory: Bool

  /// The bin of missing values: a number's last; a category's first, which also holds its rare and
  /// its unknown categories.
  var missingBin: Int { isCategory ? 0 : binCount - 1 }

  /// Bins for a number: one for each value where these are few, else bins of about equally many
  /// rows, values that fill more than a bin's share by themselves alone in theirs.
  package init(numbers values: [Double]) {
    let sorted = values.filter { !$0.isNaN }.sorted()
    var distinct: [(value: Double, rows: Int)] = []
    for value in sorted {
      if distinct.last?.value == value {
        distinct[distinct.count - 1].rows += 1
      } else {
        distinct.append((value, 1))
      }
    }
    let bounds = Self.bounds(distinct, total: sorted.count, maximum: Self.maximum - 1)
    rule = .numeric(upperBounds: bounds)
    binCount = bounds.count + 2
    isCategory = false
  }

  private static func bounds(
    _ distinct: [(value: Double, rows: Int)], total: Int, maximum: Int
  ) -> [Double] {
    if distinct.count <= 1 { return [] }
    var isHeavy = [Bool](repeating: false, count: distinct.count)
    var (freeBins, freeRows) = (maximum, total)
    var share = Double(minRows)
    if distinct.count > maximum {
      let even = Double(total) / Double(maximum)
      for (index, entry) in distinct.enumerated() where Double(entry.rows) >= even {
        isHeavy[index] = true
        freeBins -= 1
        freeRows -= entry.rows
      }
      share = Double(freeRows) / Double(max(freeBins, 1))
    }
    var bounds: [Double] = []
    var rows = 0
    for index in 0..<distinct.count - 1 {
      rows += distinct[index].rows
      if !isHeavy[index] { freeRows -= distinct[index].rows }
      let beforeHeavy = isHeavy[index + 1] && Double(rows) >= max(1, share / 2)
      guard isHeavy[index] || Double(rows) >= share || beforeHeavy else { continue }
      bounds.append(distinct[index].value / 2 + distinct[index + 1].value / 2)
      if bounds.count == maximum - 1 { break }
      rows = 0
      if distinct.count > maximum, !isHeavy[index] {
        freeBins -= 1
        share = Double(freeRows) / Double(max(freeBins, 1))
      }
    }
    return bounds
  }

  /// Bins for a category of codes 0, 1, ...: one for each category but the rarest, most frequent
  /// first.
  package init(categories values: [Double]) {
    var counts: [Int] = []
    for value in values where !value.isNaN {
      let code = Int(value)
      if code >= counts.count {
        counts.append(contentsOf: repeatElement(0, count: code + 1 - counts.count))
      }
      counts[code] += 1
    }
    let order = counts.indices.filter { counts[$0] > 0 }.sorted {
      (-counts[$0], $0) < (-counts[$1], $1)
    }
    var bins = [UInt8](repeating: 0, count: counts.count)
    var next = 1
    for code in order where next < Self.maximum && (next <= 2 || counts[code] >= Self.minRows) {
      bins[code] = UInt8(next)
      next += 1
    }
    rule = .category(binOfCategory: bins)
    binCount = next
    isCategory = true
  }

  /// Index of the first of ascending bounds that is not less than `value`.
  private static func index(of value: Double, in bounds: [Double]) -> Int {
    var (low, high) = (0, bounds.count)
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The bin of a value.
  ///
  /// O(log bins).
  func bin(_ value: Double) -> UInt8 {
    if value.isNaN { return UInt8(missingBin) }
    switch rule {
    case .numeric(let bounds): return UInt8(Self.index(of: value, in: bounds))
    case .category(let bins): return Int(value) < bins.count ? bins[Int(value)] : 0
    }
  }
}
