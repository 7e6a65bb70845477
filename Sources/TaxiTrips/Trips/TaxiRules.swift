// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// A rule that a table of plausible taxi trips does not break.
///
/// Real files break each of them a little; evaluate a synthetic table by the difference.
public struct TaxiRule: Sendable {
  /// What a row does that breaks the rule.
  public let name: String
  /// The quantities it looks at: lower-case TLC names, and "seconds" for the time between the
  /// table's first two datetime columns.
  public let columns: [String]
  private let test: @Sendable (TaxiColumns) -> [Bool]?

  init(
    _ name: String, needs columns: [String],
    broken test: @escaping @Sendable (TaxiColumns) -> [Bool]?
  ) {
    self.name = name
    self.columns = columns
    self.test = test
  }

  /// Share of the rows that break the rule, in percent; nil where a column is missing or the table
  /// has no row.
  ///
  /// A missing value breaks no rule. O(rows).
  public func violations(in table: Table) -> Double? { violations(in: TaxiColumns(table)) }

  func violations(in columns: TaxiColumns) -> Double? {
    guard columns.rowCount > 0, let broken = test(columns) else { return nil }
    return 100 * Double(broken.count { $0 }) / Double(columns.rowCount)
  }
}

/// The rules of plausibility for trips of the Taxi and Limousine Commission.
public enum TaxiRules {
  /// The region in which a coordinate counts as one of New York City's.
  public static let region = GeographicBox(longitudes: -74.3 ... -73.6, latitudes: 40.4...41.1)

  /// Tests all rules for which the table has the columns, in the order of ``all``.
  ///
  /// O(rows).
  public static func violations(in table: Table) -> [RuleViolation] {
    let columns = TaxiColumns(table)
    return all.compactMap { rule in
      rule.violations(in: columns).map { RuleViolation(rule: rule.name, percent: $0) }
    }
  }

  /// All rules, in the order in which they are reported.
  public static let all: [TaxiRule] = [
    TaxiRule("dropoff before pickup", needs: [TaxiColumns.seconds]) {
      $0[TaxiColumns.seconds]?.map { $0 < 0 }
    },
    TaxiRule(
      "total is not the sum of its parts", needs: TaxiColumns.amounts + ["total_amount"],
      broken: unbalanced),
    TaxiRule("negative fare", needs: ["fare_amount"]) { $0["fare_amount"]?.map { $0 < 0 } },
    TaxiRule(
      "a coordinate outside the NYC box", needs: TaxiColumns.coordinates, broken: outsideRegion),
    TaxiRule("faster than 80 mph", needs: [TaxiColumns.seconds, "trip_distance"], broken: tooFast),
    TaxiRule("passengers 0 or more than 6", needs: ["passenger_count"]) {
      $0["passenger_count"]?.map { $0 == 0 || $0 > 6 }
    },
    TaxiRule(
      "shorter than the straight line (>5%)", needs: TaxiColumns.coordinates + ["trip_distance"],
      broken: tooShort),
    TaxiRule("cash trip with a tip", needs: ["payment_type", "tip_amount"]) { columns in
      guard let payment = columns["payment_type"], let tip = columns["tip_amount"] else {
        return nil
      }
      return zip(payment, tip).map { $0 == 2 && $1 > 0 }
    },
    TaxiRule("fare not a multiple of 0.50", needs: ["fare_amount"]) { columns in
      columns["fare_amount"]?.map { fare in
        let units = fare * 2
        let rest = units - units.rounded(.down)
        return rest >= 0.01 && rest <= 0.99
      }
    },
  ]

  /// Whether the amounts miss the total by more than a cent.
  private static func unbalanced(_ columns: TaxiColumns) -> [Bool]? {
    guard let total = columns["total_amount"] else { return nil }
    var sum = [Double](repeating: 0, count: columns.rowCount)
    for name in TaxiColumns.amounts {
      guard let part = columns[name] else { return nil }
      for i in sum.indices { sum[i] += part[i] }
    }
    return zip(total, sum).map { abs($0 - $1) > 0.0101 }
  }

  private static func outsideRegion(_ columns: TaxiColumns) -> [Bool]? {
    var broken = [Bool](repeating: false, count: columns.rowCount)
    for (i, name) in TaxiColumns.coordinates.enumerated() {
      guard let values = columns[name] else { return nil }
      let bounds = i % 2 == 0 ? region.longitudes : region.latitudes
      for row in broken.indices
      where values[row] < bounds.lowerBound || values[row] > bounds.upperBound {
        broken[row] = true
      }
    }
    return broken
  }

  /// A trip of no duration that moved is infinitely fast; without a distance column the straight
  /// line is what it moved.
  private static func tooFast(_ columns: TaxiColumns) -> [Bool]? {
    guard let seconds = columns[TaxiColumns.seconds],
      let miles = columns["trip_distance"] ?? columns.straightMiles()
    else { return nil }
    return zip(miles, seconds).map { $1 >= 0 && $0 / ($1 / 3600) > 80 }
  }

  private static func tooShort(_ columns: TaxiColumns) -> [Bool]? {
    guard let straight = columns.straightMiles(), let miles = columns["trip_distance"] else {
      return nil
    }
    return zip(miles, straight).map { $1 < 100 && $0 < 0.95 * $1 - 0.05 }
  }
}
