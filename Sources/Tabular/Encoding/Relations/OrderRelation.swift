/// A column that is never less than another: the end of something and its start, a highest and a
/// lowest price. Both are encoded as they are; a generated row that has them the wrong way round is
/// mended.
public struct OrderRelation: Sendable, Codable, Equatable, CustomStringConvertible {
  public let greater: String
  public let lesser: String
  /// What values of the greater one are multiples of: a day of seconds, a cent; 0 for any number.
  let step: Double
  /// The greatest value of the greater one.
  let greatest: Double
  /// Whether both are times, whose time of day stays.
  let areTimes: Bool

  public var description: String { "\(lesser) <= \(greater)" }

  private static let day = 86_400.0

  /// The orders that all rows of a table keep. See ``OrderSearch``.
  ///
  /// - Parameter relations: what columns are computed by; those that are have no order of their own.
  public static func all(
    in table: Table, schema: Schema, beside relations: [ColumnRelation]
  ) -> [OrderRelation] {
    OrderSearch(
      finder: RelationFinder(table: table, schema: schema),
      taken: Set(relations.flatMap { [$0.target] + $0.parts })
    ).orders()
  }

  /// The greater column's values: of a row in the wrong order one as far above the lesser as it was
  /// below. O(rows).
  func mended(_ greater: [Double], over lesser: [Double]) -> [Double] {
    zip(greater, lesser).map { value, bound in
      // Missing values are in no order.
      guard value < bound else { return value }
      var mirrored = bound + (bound - value)
      if areTimes && step < Self.day {
        let (day, boundDay) = (
          (value / Self.day).rounded(.down), (bound / Self.day).rounded(.down)
        )
        mirrored = value + 2 * (boundDay - day) * Self.day
        if mirrored < bound { mirrored += Self.day }
      } else if step > 0 {
        // Divided, so that the result is the `Double` of its text.
        let scale = (1 / step).rounded()
        mirrored =
          step < 1
          ? (mirrored * scale - 1e-6).rounded(.up) / scale
          : (mirrored / step - 1e-6).rounded(.up) * step
      }
      return max(min(mirrored, greatest), bound <= greatest ? bound : value)
    }
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool { step >= 0 && step.isFinite && greatest.isFinite && greater != lesser }
}
