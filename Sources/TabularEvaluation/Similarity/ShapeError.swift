// SPDX-License-Identifier: Apache-2.0

import WorkSharing

/// How far the columns, each by itself, are from the train table's, in percent.
///
/// Numbers and datetimes: the Kolmogorov-Smirnov distance; categories: the total variation.
/// A missing value is a value of its own.
public struct ShapeError: Sendable, Codable, Equatable {
  /// Mean over the table's own columns.
  public var mean: Double
  /// Mean over the derived features (hour, weekday, seconds between datetimes); 0 without any.
  public var meanDerived: Double
  /// The error of each feature by name.
  public var columns: [String: Double]

  enum CodingKeys: String, CodingKey {
    case mean, columns
    case meanDerived = "mean_derived"
  }
}

/// Measures ``ShapeError`` against one reference, whose sorted columns it keeps.
struct ShapeComparison: Sendable {
  private enum Sample: Sendable {
    case sorted([Double])
    case codes([Int])
  }
  private let features: [ComparedFeature]
  private let reference: [Sample]
  private let threads: Int

  init(reference table: FeatureTable, threads: Int) {
    features = table.features
    self.threads = threads
    reference = parallelMap(table.features.count, threads: threads) {
      Self.sample(table.columns[$0], table.features[$0])
    }
  }

  private static func sample(_ values: [Double], _ feature: ComparedFeature) -> Sample {
    feature.isCategory
      ? .codes(Distance.codes(values)) : .sorted(Distance.missingFirst(values))
  }

  func callAsFunction(_ table: FeatureTable) -> ShapeError {
    let errors = parallelMap(features.count, threads: threads) { index -> Double in
      switch (reference[index], Self.sample(table.columns[index], features[index])) {
      case (.sorted(let a), .sorted(let b)): 100 * Distance.kolmogorovSmirnov(sorted: a, b)
      case (.codes(let a), .codes(let b)): 100 * Distance.totalVariation(a, b)
      default: preconditionFailure("one feature has two roles")
      }
    }
    let mean = { (derived: Bool) -> Double in
      let chosen = zip(features, errors).filter { $0.0.isDerived == derived }.map(\.1)
      return chosen.isEmpty ? 0 : chosen.reduce(0, +) / Double(chosen.count)
    }
    return ShapeError(
      mean: mean(false), meanDerived: mean(true),
      columns: Dictionary(uniqueKeysWithValues: zip(features.map(\.name), errors)))
  }
}
