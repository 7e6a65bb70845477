// SPDX-License-Identifier: Apache-2.0

import Tabular

/// A column that is never less than another, such as an end and its start, or a highest and a
/// lowest price. Both are encoded unchanged; generated rows that violate the order are repaired.
public struct OrderRelation: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The column that is never less than the other.
  public let greater: String
  /// The column that is never greater than the other.
  public let smaller: String
  /// The step of the greater column's values, such as 86,400 seconds or 0.01; 0 if there is none.
  let step: Double
  /// The greatest value of the greater column.
  let maximum: Double
  /// Whether both columns are times; a repair then keeps the time of day.
  let areTimes: Bool

  /// The relation as a formula.
  public var description: String { "\(smaller) <= \(greater)" }

  private static let day = 86_400.0

  /// The order relations that all rows of a table satisfy. See ``OrderSearch``.
  ///
  /// - Parameter relations: the other relations; columns in any of them are excluded.
  public static func all(
    in table: Table, schema: Schema, beside relations: [ColumnRelation]
  ) -> [OrderRelation] {
    OrderSearch(
      finder: RelationFinder(table: table, schema: schema),
      taken: Set(relations.flatMap { [$0.target] + $0.parts })
    ).orders()
  }

  /// The greater column's repaired values: a value below the lesser column's is mirrored to the
  /// same distance above it. O(rows).
  func corrected(_ greater: [Double], over smaller: [Double]) -> [Double] {
    zip(greater, smaller).map { value, bound in
      // Missing values have no order.
      guard value < bound else { return value }
      var mirrored = bound + (bound - value)
      if areTimes && step < Self.day {
        let (day, boundDay) = (
          (value / Self.day).rounded(.down), (bound / Self.day).rounded(.down)
        )
        mirrored = value + 2 * (boundDay - day) * Self.day
        if mirrored < bound { mirrored += Self.day }
      } else if step > 0 {
        // Division makes the result the `Double` nearest to its decimal text.
        let scale = (1 / step).rounded()
        mirrored =
          step < 1
          ? (mirrored * scale - 1e-6).rounded(.up) / scale
          : (mirrored / step - 1e-6).rounded(.up) * step
      }
      return max(min(mirrored, maximum), bound <= maximum ? bound : value)
    }
  }

  /// Whether the decoded values are valid.
  var isValid: Bool { step >= 0 && step.isFinite && maximum.isFinite && greater != smaller }
}
