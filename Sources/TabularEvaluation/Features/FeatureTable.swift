// SPDX-License-Identifier: Apache-2.0

import GradientBoosting

/// A table as it is evaluated: a column of doubles for each feature.
///
/// Categorical columns hold category codes (0, 1, ...), datetimes seconds since 1970, and anything
/// missing or unreadable is NaN.
package struct FeatureTable: Sendable {
  package let features: [ComparedFeature]
  package let columns: [[Double]]
  package let rowCount: Int

  package init(features: [ComparedFeature], columns: [[Double]]) {
    precondition(features.count == columns.count)
    self.features = features
    self.columns = columns
    rowCount = columns.first?.count ?? 0
  }

  /// The column of that name, or nil.
  package subscript(name: String) -> [Double]? {
    features.firstIndex { $0.name == name }.map { columns[$0] }
  }

  /// The rows at `indices`, in that order.
  package func selecting(_ indices: [Int]) -> FeatureTable {
    FeatureTable(
      features: features, columns: columns.map { column in indices.map { column[$0] } })
  }

  /// The features that fulfill `condition`.
  package func selecting(features condition: (ComparedFeature) -> Bool) -> FeatureTable {
    let kept = features.indices.filter { condition(features[$0]) }
    return FeatureTable(features: kept.map { features[$0] }, columns: kept.map { columns[$0] })
  }

  /// The features in the form that boosted trees learn from.
  package var boostingFeatures: [BoostingFeature] {
    zip(features, columns).map { BoostingFeature(values: $1, isCategory: $0.isCategory) }
  }

  /// The same table with further features to the right.
  package func appending(_ more: [(feature: ComparedFeature, values: [Double])]) -> FeatureTable {
    FeatureTable(
      features: features + more.map(\.feature), columns: columns + more.map(\.values))
  }
}
