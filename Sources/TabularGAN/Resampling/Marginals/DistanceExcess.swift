// SPDX-License-Identifier: Apache-2.0

import TabularEncoding
import Tabular

/// How much more a quantity of a trip is than the straight line between its ends asks for: the
/// distance beyond the shortest way, in the quantity's unit.
///
/// The ratio of the two, a derived feature, is blurred by roundings where the way is short; a
/// difference shows sharply which trips are shorter than their line.
public struct DistanceExcess: Sendable, Codable, Equatable {
  let quantity: String
  let from: LocationColumns
  let to: LocationColumns
  /// The quantity of a kilometer of straight line.
  let rate: Double

  /// Rows whose line is shorter than half of all say little of the rate; one in a hundred of the
  /// others is taken to be a mistake.
  private static let shareBelow = 0.01

  /// - Returns: nil where the table does not have the columns, or nothing to learn the rate from.
  init?(of quantity: String, from: LocationColumns, to: LocationColumns, in table: Table) {
    guard let values = table[quantity]?.numbers,
      let lines = from.straightLine(to: to, in: table)
    else { return nil }
    let known = lines.filter { $0 > 0 }.sorted()
    guard let median = known.isEmpty ? nil : known[known.count / 2] else { return nil }
    let rates = lines.indices.filter { lines[$0] > median && !values[$0].isNaN }
      .map { values[$0] / lines[$0] }.sorted()
    guard !rates.isEmpty else { return nil }
    let rate = rates[Int(Self.shareBelow * Double(rates.count))]
    guard rate > 0 else { return nil }
    self.quantity = quantity
    self.from = from
    self.to = to
    self.rate = rate
  }

  /// The surplus of each row, NaN where something is missing; nil where the table does not have the
  /// columns. O(rows).
  package func values(in table: Table) -> [Double]? {
    guard let values = table[quantity]?.numbers, let lines = from.straightLine(to: to, in: table)
    else { return nil }
    return zip(values, lines).map { $0 - rate * $1 }
  }
}
