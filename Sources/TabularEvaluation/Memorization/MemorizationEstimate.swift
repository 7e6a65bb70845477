// SPDX-License-Identifier: Apache-2.0

/// Whether synthetic rows are copies of train rows: a generator that has learned the distribution
/// is as near to rows that it never saw as to those it learned from.
///
/// Distances add, over the table's own columns and the seconds between datetimes, the difference of
/// two numbers' ranks in the train table (so that neither 0-coordinates nor 24-hour trips flatten
/// the rest) and 0 or 1 for two categories.
public struct MemorizationEstimate: Sendable, Codable, Equatable {
  /// Whether there is a reason to suspect copying.
  public var detected: Bool
  /// Why; empty where the alarm is silent.
  public var reasons: [String]
  /// Synthetic rows nearer to a train sample than to as many holdout rows, ties half: 0.5 = none.
  public var dcrShare: Double
  /// The 95 % confidence interval of ``dcrShare``, for ``effectiveRows`` rows (Wilson).
  public var dcrShareInterval: ClosedRange<Double>
  /// The same against all train rows, rescaled: 0 = none, 1 = every row a copy.
  ///
  /// More sensitive than `dcrShare`, and therefore noisier. Nil if rows repeat so often that it
  /// cannot be estimated, because most synthetic rows are equally near to train and to holdout
  /// rows.
  public var memorizationEstimate: Double?
  /// The 95 % confidence interval of ``memorizationEstimate``; one that includes 0 is no evidence
  /// of copying.
  public var memorizationInterval: ClosedRange<Double>?
  /// The share of synthetic rows that are equally near to train and to holdout rows, in percent.
  /// Which table they copy cannot be decided.
  public var undecided: Double
  /// Synthetic rows, in percent, nearer to a train row than all but 1 % of real rows are.
  public var nearTrain: Double
  /// The same to a holdout row.
  ///
  /// Dense regions raise both, copying only `nearTrain`.
  public var nearHoldout: Double
  /// The number of different rows to which the synthetic ones are nearest, as if all counted alike;
  /// rows far from the data share a few neighbors, and say less.
  public var effectiveRows: Double
  /// Synthetic rows found exactly (numbers to six decimals) in the train table.
  public var duplicatesOfTrain: Int
  /// Synthetic rows found exactly in the holdout table.
  public var duplicatesOfHoldout: Int
  /// Synthetic rows that repeat another synthetic row.
  public var duplicatesWithin: Int
  /// The expected number of duplicates if synthetic rows repeated train rows as often as train rows
  /// repeat each other.
  public var duplicatesExpected: Double

  enum CodingKeys: String, CodingKey {
    case detected, reasons
    case dcrShare = "dcr_share"
    case dcrShareInterval = "dcr_share_interval"
    case memorizationEstimate = "memorization_estimate"
    case memorizationInterval = "memorization_interval"
    case undecided = "undecided_pct"
    case nearTrain = "near_train_pct"
    case nearHoldout = "near_holdout_pct"
    case effectiveRows = "effective_rows"
    case duplicatesOfTrain = "duplicates_of_train"
    case duplicatesOfHoldout = "duplicates_of_holdout"
    case duplicatesWithin = "duplicates_within"
    case duplicatesExpected = "duplicates_expected"
  }
}
