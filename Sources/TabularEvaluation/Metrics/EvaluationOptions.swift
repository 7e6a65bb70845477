// SPDX-License-Identifier: Apache-2.0

import Foundation
import WorkSharing

/// What is measured, on how many rows, and by how many threads.
public struct EvaluationOptions: Sendable, Equatable {
  /// Parts that cost time; shape, trend and plausibility are always measured.
  public enum Part: String, Sendable, Codable, CaseIterable {
    /// The two-sample test by boosted trees.
    case c2st
    /// The same with forensic features.
    case engineeredC2ST
    /// The two-sample test by logistic regression.
    case logisticC2ST
    /// Classifiers that see one feature each.
    case singleColumnC2ST
    /// Learning a target on synthetic rows.
    case utility
    /// The memorization test.
    case memorization
  }
  /// The feature to predict; nil: the seconds between the first two datetimes, if there are two.
  public var target: String?
  /// The most rows that are compared on each side.
  public var rows = 20_000
  /// The most synthetic rows whose neighbors are looked for.
  public var memorizationRows = 3_000
  /// Decides which rows are drawn, how folds are made and how the independent-columns baseline is
  /// shuffled.
  public var seed: UInt64 = 0
  /// Threads to use; nil: all that the machine has.
  ///
  /// The figures do not depend on it.
  public var threads: Int?
  /// What is measured beside shape, trend and plausibility.
  public var parts: Set<Part> = Set(Part.allCases)

  /// The default options.
  public init() {}

  var threadCount: Int { threads ?? usableProcessors() }
}

/// How far an evaluation has come.
public struct EvaluationProgress: Sendable, Equatable {
  /// What is being done now, in words for people.
  public var stage: String
  /// Share of the work that is done, by a rough estimate, 0...1.
  public var fraction: Double
}
