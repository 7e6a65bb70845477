// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// An endless table of simulated taxi trips in the TLC's yellow schema of the first half of 2016.
///
/// Rows are independent draws from a documented model of the city (`docs/lab/dataset.md`):
/// demand by hour, Manhattan's grid and rivers, three airports, the tariff of 2016, and the faults
/// of the real files at their real rates. Row `i` depends only on `(seed, i)`, so any range can be
/// generated anywhere, on any number of threads, with the same bytes; rows are therefore not sorted
/// by time.
///
/// It lets demos and benchmarks run anywhere at any size. It is not a stand-in for real data in any
/// claim of fidelity.
public struct TripSimulator: Sendable {
  /// The seed that the rows follow.
  public let seed: UInt64
  private let model: TripModel

  /// Builds the model: about 20 milliseconds.
  public init(seed: UInt64) {
    self.seed = seed
    model = TripModel()
  }

  /// The trip in a row.
  func trip(_ row: Int) -> SimulatedTrip { model.trip(seed: seed, row: row) }

  /// The rows as a table with the columns of ``schema``.
  ///
  /// O(rows).
  public func table(rows: Range<Int>) -> Table {
    var numbers = [[Double]](
      repeating: [], count: Self.schema.columns.count)
    for i in numbers.indices { numbers[i].reserveCapacity(rows.count) }
    var flags: [Int32] = []
    flags.reserveCapacity(rows.count)
    for row in rows {
      let t = trip(row)
      flags.append(t.storedAndForwarded ? 1 : 0)
      numbers[0].append(Double(t.vendor))
      numbers[1].append(Double(t.pickup))
      numbers[2].append(Double(t.dropoff))
      numbers[3].append(Double(t.passengers))
      numbers[4].append(Double(t.distance) / 100)
      numbers[5].append(t.from.longitude)
      numbers[6].append(t.from.latitude)
      numbers[7].append(Double(t.rate.rawValue))
      numbers[9].append(t.to.longitude)
      numbers[10].append(t.to.latitude)
      numbers[11].append(Double(t.payment.rawValue))
      numbers[12].append(Double(t.fare) / 100)
      numbers[13].append(Double(t.extra) / 100)
      numbers[14].append(Double(t.tax) / 100)
      numbers[15].append(Double(t.tip) / 100)
      numbers[16].append(Double(t.tolls) / 100)
      numbers[17].append(Double(t.improvement) / 100)
      numbers[18].append(Double(t.total) / 100)
    }
    let columns = Self.schema.columns.enumerated().map { i, column in
      switch column.kind {
      case .datetime: Column(name: column.name, values: .datetime(numbers[i]))
      case .boolean:
        Column(name: column.name, values: .text(codes: flags, categories: ["N", "Y"]))
      default: Column(name: column.name, values: .number(numbers[i]))
      }
    }
    // The schema's names are distinct and all columns have one entry a row.
    return try! Table(columns: columns)
  }

  /// Columns, kinds and formats as in the official files of January to June 2016, but for
  /// coordinates, which have six decimals.
  public static let schema: Schema = {
    func number(
      _ name: String, _ kind: ColumnKind, _ decimals: Int = 0,
      _ style: NumberFormat.Style = .shortest
    ) -> ColumnSchema {
      ColumnSchema(
        name: name, kind: kind, numberFormat: NumberFormat(style: style, decimals: decimals))
    }
    func time(_ name: String) -> ColumnSchema {
      ColumnSchema(
        name: name, kind: .datetime,
        datetimeFormat: DatetimeFormat(pattern: "yyyy-MM-dd HH:mm:ss"))
    }
    return Schema(columns: [
      number("VendorID", .categorical),
      time("tpep_pickup_datetime"),
      time("tpep_dropoff_datetime"),
      number("passenger_count", .categorical),
      number("trip_distance", .continuous, 2, .fixed),
      number("pickup_longitude", .continuous, 6),
      number("pickup_latitude", .continuous, 6),
      number("RatecodeID", .categorical),
      ColumnSchema(name: "store_and_fwd_flag", kind: .boolean),
      number("dropoff_longitude", .continuous, 6),
      number("dropoff_latitude", .continuous, 6),
      number("payment_type", .categorical),
      number("fare_amount", .continuous, 2),
      number("extra", .categorical, 2),
      number("mta_tax", .categorical, 2),
      number("tip_amount", .continuous, 2),
      number("tolls_amount", .continuous, 2),
      number("improvement_surcharge", .categorical, 2),
      number("total_amount", .continuous, 2),
    ])
  }()
}
