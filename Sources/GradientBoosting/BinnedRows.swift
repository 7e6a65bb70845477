// SPDX-License-Identifier: Apache-2.0

import WorkSharing

/// One feature of all rows, as it is given to the trees.
package struct BoostingFeature: Sendable {
  /// A value for each row, NaN where missing; for a category its code 0, 1, ...
  package var values: [Double]
  /// Whether values are codes of categories, which have no order.
  package var isCategory: Bool

  /// A feature of rows.
  package init(values: [Double], isCategory: Bool) {
    self.values = values
    self.isCategory = isCategory
  }
}

/// Rows as the trees see them: a byte for each feature, row after row.
package struct BinnedRows: Sendable {
  /// The bins of each feature, to put further rows into.
  package let features: [FeatureBins]
  /// The number of rows.
  package let rowCount: Int
  let bytes: [UInt8]

  /// Puts features (without the target) into bins, learned from them or given.
  ///
  /// The result does not depend on `threads`. O(features x rows log rows).
  ///
  /// - Precondition: all features have equally many values.
  package init(_ features: [BoostingFeature], bins: [FeatureBins]? = nil, threads: Int) {
    let rows = features.first?.values.count ?? 0
    precondition(features.allSatisfy { $0.values.count == rows }, "features differ in their rows")
    let columns = parallelMap(features.count, threads: threads) {
      index -> (bins: FeatureBins, codes: [UInt8]) in
      let values = features[index].values
      let found =
        bins?[index]
        ?? (features[index].isCategory
          ? FeatureBins(categories: values) : FeatureBins(numbers: values))
      return (found, values.map { found.bin($0) })
    }
    let width = columns.count
    self.features = columns.map(\.bins)
    rowCount = rows
    bytes = [UInt8](unsafeUninitializedCapacity: width * rowCount) { buffer, initialized in
      for (feature, column) in columns.enumerated() {
        var position = feature
        for code in column.codes {
          buffer[position] = code
          position += width
        }
      }
      initialized = buffer.count
    }
  }
}
