// SPDX-License-Identifier: Apache-2.0

import WorkSharing

/// Where rows lie for the distances of the copying tests: over the table's own columns and the
/// seconds between datetimes.
struct RowCoordinates: Sendable {
  /// By coordinate.
  let isCategory: [Bool]
  private let names: [String]
  /// The reference's values in ascending order by feature; empty for categories.
  private let ladders: [[Double]]
  private let threads: Int

  /// Whether a feature is a coordinate.
  static func isUsed(_ feature: ComparedFeature) -> Bool {
    !feature.isDerived || feature.name.hasSuffix(".seconds")
  }

  /// - Parameter reference: the rows in whose ranks numbers are measured.
  init(reference: FeatureTable, threads: Int) {
    let chosen = reference.selecting(features: Self.isUsed)
    let isCategory = chosen.features.map(\.isCategory)
    self.isCategory = isCategory
    self.threads = threads
    names = chosen.features.map(\.name)
    ladders = parallelMap(chosen.columns.count, threads: threads) { index in
      isCategory[index] ? [] : chosen.columns[index].filter { !$0.isNaN }.sorted()
    }
  }

  /// The coordinates of rows, `[column][row]`: categories as they are, numbers by their mean rank
  /// in the reference, -1 where missing.
  func callAsFunction(_ table: FeatureTable) -> [[Float]] {
    let columns = names.map { table[$0]! }
    return parallelMap(columns.count, threads: threads) { index in
      let ladder = ladders[index]
      return columns[index].map { value in
        if value.isNaN { return -1 }
        if isCategory[index] { return Float(value) }
        if ladder.isEmpty { return 0 }
        let both = ladder.lowerBound(of: value) + ladder.upperBound(of: value)
        return Float(Double(both) / Double(2 * ladder.count))
      }
    }
  }
}
