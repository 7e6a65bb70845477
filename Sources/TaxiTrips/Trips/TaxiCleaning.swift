// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Drops records that are errors of a device rather than trips, and says how many by which rule.
///
/// A choice of the user's, never made silently: a model that learns from cleaned rows does not
/// reproduce the mess of the raw file.
public struct TaxiCleaning: Sendable {
  /// Why a row is dropped; a missing value is no reason.
  public enum Rule: String, Sendable, Codable, CaseIterable {
    /// A coordinate is 0: the device had no fix.
    case zeroCoordinate = "a coordinate is 0"
    /// A coordinate outside of the region around the city, and not 0.
    case outsideRegion = "a coordinate is outside the region"
    /// The dropoff is not after the pickup.
    case noDuration = "the dropoff is not after the pickup"
    /// The trip lasted more than three hours.
    case longDuration = "the trip lasts more than 3 hours"
    /// One of the amounts or the total is negative: a reversed charge.
    case negativeAmount = "an amount is negative"
    /// The distance is not above 0.
    case noDistance = "the distance is 0"

    func rows(in columns: TaxiColumns) -> [Bool]? {
      switch self {
      case .zeroCoordinate:
        return any(columns, TaxiColumns.coordinates) { _, value in value == 0 }
      case .outsideRegion:
        return any(columns, TaxiColumns.coordinates) { i, value in
          let bounds = i % 2 == 0 ? TaxiRules.region.longitudes : TaxiRules.region.latitudes
          return value != 0 && (value < bounds.lowerBound || value > bounds.upperBound)
        }
      case .noDuration: return columns[TaxiColumns.seconds]?.map { $0 <= 0 }
      case .longDuration: return columns[TaxiColumns.seconds]?.map { $0 > 10_800 }
      case .negativeAmount:
        return any(columns, TaxiColumns.amounts + ["total_amount"]) { _, value in value < 0 }
      case .noDistance: return columns["trip_distance"]?.map { $0 <= 0 }
      }
    }

    /// Rows in which one of the columns fulfils the condition; nil where there is none of them.
    private func any(
      _ columns: TaxiColumns, _ names: [String], _ condition: (Int, Double) -> Bool
    ) -> [Bool]? {
      var result: [Bool]?
      for (i, name) in names.enumerated() {
        guard let values = columns[name] else { continue }
        var rows = result ?? [Bool](repeating: false, count: columns.rowCount)
        for row in values.indices where condition(i, values[row]) { rows[row] = true }
        result = rows
      }
      return result
    }
  }

  /// The rules, in the order in which they are asked.
  public var rules: [Rule]

  /// A cleaning by these rules; all of them unless told otherwise.
  public init(rules: [Rule] = Rule.allCases) { self.rules = rules }

  /// The rows that break no rule, in their order, and what was dropped.
  ///
  /// O(rows x columns). Throws ``TabularError/invalidTable(_:hint:)`` where the table is none of taxi
  /// trips.
  public func apply(to table: Table) throws(TabularError) -> (table: Table, report: CleaningReport)
  {
    guard table.isTaxiTable else {
      throw .invalidTable(
        "not a table of taxi trips: it needs columns named ...pickup_datetime and "
          + "...dropoff_datetime", hint: "omit the taxi cleaning for other tables")
    }
    let columns = TaxiColumns(table)
    var keep = [Bool](repeating: true, count: table.rowCount)
    var entries: [CleaningReport.Entry] = []
    for rule in rules {
      guard let broken = rule.rows(in: columns) else {
        entries.append(CleaningReport.Entry(reason: rule.rawValue, rows: nil))
        continue
      }
      var dropped = 0
      for row in keep.indices where keep[row] && broken[row] {
        keep[row] = false
        dropped += 1
      }
      entries.append(CleaningReport.Entry(reason: rule.rawValue, rows: dropped))
    }
    let kept = keep.indices.filter { keep[$0] }
    let report = CleaningReport(rowsBefore: table.rowCount, rowsAfter: kept.count, entries: entries)
    return (kept.count == table.rowCount ? table : table.selecting(rows: kept), report)
  }
}
