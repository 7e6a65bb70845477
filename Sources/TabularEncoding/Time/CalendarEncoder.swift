// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// A time as day, hour, and place in the hour: parts that fit together in any combination, so that
/// every encoded row is one time and no part can contradict another.
///
/// - Missing values and sentinel times (such as a far-future date for an open end), if there are
///   any: a category with `present`, each sentinel, and missing.
/// - The day: a category of up to 400 days; more are the rank of the week (a scalar) and the
///   weekday (a category of 7).
/// - The hour: a category of those that occur, and the rank of the second within the hour: a
///   scalar. Neither where every time is midnight.
///
/// Decoded times lie in the range of the fitted ones.
public struct CalendarEncoder: ColumnEncoder, Equatable {
  private enum Day: Equatable {
    /// Days since 1970.
    case category(CategoryEncoder)
    /// Weeks since Monday, 29 December 1969, and the first and the last day.
    case week(QuantileEncoder, ClosedRange<Double>)
  }

  private let day: Day
  /// The hours that occur; nil where every time is midnight.
  private let hours: CategoryEncoder?
  /// Nil where every time is midnight.
  private let withinHour: QuantileEncoder?
  /// The range of the times other than sentinels.
  private let range: ClosedRange<Double>
  private let hasMissing: Bool
  /// Sentinel times, ascending.
  private let pointMasses: [Double]

  static let dayLimit = 400
  private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  /// Times beyond the year ±140,000 are an error in the data, and no calendar reaches them.
  private static let maximum = 4.4e12

  /// Fits times in seconds since 1970, NaN where missing. O(rows log rows).
  ///
  /// - Parameter output: what the ranks of weeks and of seconds are mapped to.
  /// - Throws: ``TabularError/encoding(_:)`` where there is no time, or one that no calendar has.
  public init(
    fitting values: [Double], output: QuantileOutput = .normal
  ) throws(TabularError) {
    var present = try NumericEncoder.learnable(values)
    if let value = present.first(where: { abs($0) > Self.maximum }) {
      throw .encoding("holds the time \(value) s, which is in no calendar (declare it a quantity)")
    }
    let whole = NumberFormat(style: .shortest, decimals: 0)
    hasMissing = present.count < values.count
    let pointMasses = Self.pointMasses(present)
    self.pointMasses = pointMasses
    if !pointMasses.isEmpty { present.removeAll { pointMasses.contains($0) } }
    range = present.min()!...present.max()!
    let days = present.map(Self.day)
    if Set(days).count <= Self.dayLimit {
      day = .category(try CategoryEncoder(fitting: days))
    } else {
      day = .week(
        try QuantileEncoder(fitting: days.map(Self.week), format: whole, output: output),
        days.min()!...days.max()!)
    }
    if zip(present, days).contains(where: { $0 != 86_400 * $1 }) {
      // If fractions have several steps, the encoder learns the share of each.
      hours = try CategoryEncoder(fitting: present.map(Self.hour))
      let hasFractions = present.contains { $0 != $0.rounded() }
      withinHour = try QuantileEncoder(
        fitting: present.map(Self.secondOfHour),
        format: hasFractions ? NumberFormat(style: .shortest, decimals: 6) : whole,
        output: output)
    } else {
      hours = nil
      withinHour = nil
    }
  }

  // MARK: Parts of a time

  private static func day(_ time: Double) -> Double { (time / 86_400).rounded(.down) }

  /// 1 January 1970 was a Thursday.
  private static func week(_ day: Double) -> Double { ((day + 3) / 7).rounded(.down) }

  private static func weekday(_ day: Double) -> Int { Int(day + 3 - week(day) * 7) }

  private static func hour(_ time: Double) -> Double {
    ((time - day(time) * 86_400) / 3600).rounded(.down)
  }

  /// Rounded to microseconds, the resolution of a `Double` for current times.
  private static func secondOfHour(_ time: Double) -> Double {
    let second = time - (time / 3600).rounded(.down) * 3600
    return second == second.rounded() ? second : (second * 1e6).rounded() / 1e6
  }

  /// The sentinel times; empty if there are few times, or so few days that each has a category.
  package static func pointMasses(_ present: [Double]) -> [Double] {
    let areDays = present.allSatisfy { $0 == day($0) * 86_400 }
    let summary = ValueSummary(present, limit: SchemaInference.exactRows)
    guard summary.distinct.count > (areDays ? dayLimit : maxPointMasses + 1) else { return [] }
    let pointMasses = summary.pointMasses().prefix(maxPointMasses).map(\.value).sorted()
    // The remaining times must be enough to learn from.
    return present.contains { !pointMasses.contains($0) } ? pointMasses : []
  }

  private static let maxPointMasses = 25

  /// Number of positions for the category of present, sentinel and missing times.
  private var presenceWidth: Int {
    pointMasses.isEmpty && !hasMissing ? 0 : 1 + pointMasses.count + (hasMissing ? 1 : 0)
  }

  // MARK: Encoding

  /// Presence and sentinels (if needed), the day or the week and its weekday, the hour, and the
  /// place in the hour.
  public var spans: [OutputSpan] {
    var spans: [OutputSpan] = []
    var offset = 0
    func add(_ width: Int, _ activation: OutputSpan.Activation) {
      spans.append(OutputSpan(column: 0, offset: offset, width: width, activation: activation))
      offset += width
    }
    if presenceWidth > 0 { add(presenceWidth, .softmax) }
    switch day {
    case .category(let encoder): add(encoder.spans[0].width, .softmax)
    case .week(let encoder, _):
      add(1, encoder.spans[0].activation)
      add(7, .softmax)
    }
    if let hours, let withinHour {
      add(hours.categories.count, .softmax)
      add(1, withinHour.spans[0].activation)
    }
    return spans
  }

  /// True if a time was missing when the encoder was fitted.
  public var representsMissing: Bool { hasMissing }

  /// Sentinels as values, days as dates, weekdays and hours by name; empty for scalars.
  public func categories(ofSpan span: Int) -> [EncodedCategory] {
    var all: [[EncodedCategory]] = []
    if presenceWidth > 0 {
      all = [[.named("present")] + pointMasses.map { .value($0) } + (hasMissing ? [.missing] : [])]
    }
    switch day {
    case .category(let encoder):
      all.append(
        encoder.categories.map { day in
          let date = CivilDate(daysSince1970: Int(day))
          let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
          return .named("\(date.year)-\(two(date.month))-\(two(date.day))")
        })
    case .week: all += [[], Self.weekdays.map { .named($0) }]
    }
    if let hours { all += [hours.categories.map { .named("\(Int($0)) h") }, []] }
    return all[span]
  }

  /// The parts of each time.
  ///
  /// - Throws: ``TabularError/encoding(_:)`` for a day or an hour, or a missing time, that was not
  ///   fitted.
  public func transform(
    _ values: [Double], seed: UInt64
  ) throws(TabularError) -> [EncodedTable.Block] {
    var blocks: [EncodedTable.Block] = []
    if !hasMissing, let row = values.firstIndex(where: \.isNaN) { throw .missingValue(row: row) }
    var values = values
    if presenceWidth > 0 {
      var codes = [UInt16](repeating: 0, count: values.count)
      for (row, value) in values.enumerated() {
        if value.isNaN {
          codes[row] = UInt16(1 + pointMasses.count)
        } else if let pointMass = pointMasses.firstIndex(of: value) {
          codes[row] = UInt16(1 + pointMass)
          values[row] = .nan
        }
      }
      blocks.append(.code(codes))
    }
    let days = values.map(Self.day)
    switch day {
    case .category(let encoder):
      // The day of a missing or sentinel time is not read; any day is valid.
      let filled = presenceWidth > 0 ? days.map { $0.isNaN ? encoder.categories[0] : $0 } : days
      blocks += try encoder.transform(filled, seed: seed)
    case .week(let encoder, _):
      blocks += encoder.transform(days.map(Self.week), seed: seed &+ 1)
      blocks.append(.code(days.map { $0.isNaN ? 0 : UInt16(Self.weekday($0)) }))
    }
    if let hours, let withinHour {
      // The hour of a missing or sentinel time is not read, either.
      blocks += try hours.transform(
        values.map { $0.isNaN ? hours.categories[0] : Self.hour($0) }, seed: seed)
      // Another seed: places in a second must not follow those in a week.
      blocks += withinHour.transform(values.map(Self.secondOfHour), seed: seed &+ 2)
    }
    return blocks
  }

  /// See ``ColumnEncoder/inverse(_:)``.
  public func inverse(_ row: UnsafePointer<Float>) -> Double { inverse(row, at: 0) }

  /// Decodes all rows; `values` has room for one value per row.
  public func inverse(_ rows: EncodedRows, into values: UnsafeMutablePointer<Double>) {
    for i in 0..<rows.count {
      values[i] = inverse(rows.base + i * rows.stride, at: rows.position(i))
    }
  }

  /// - Parameter position: a number in 0..<1, evaluated only if the rounding step of the second is
  ///   drawn.
  @inline(__always)
  private func inverse(
    _ row: UnsafePointer<Float>, at position: @autoclosure () -> Double
  ) -> Double {
    var at = row
    if presenceWidth > 0 {
      let category = at.indexOfLargest(presenceWidth)
      if category > pointMasses.count { return .nan }
      if category > 0 { return pointMasses[category - 1] }
      at += presenceWidth
    }
    var time: Double
    switch day {
    case .category(let encoder):
      time = encoder.inverse(at) * 86_400
      at += encoder.categories.count
    case .week(let encoder, let days):
      let day = encoder.inverse(at) * 7 - 3 + Double((at + 1).indexOfLargest(7))
      time = min(max(day, days.lowerBound), days.upperBound) * 86_400
      at += 8
    }
    if let hours, let withinHour {
      time +=
        hours.inverse(at) * 3600 + withinHour.inverse(at + hours.categories.count, at: position())
    }
    return min(max(time, range.lowerBound), range.upperBound)
  }
}

extension CalendarEncoder {
  private enum CodingKeys: String, CodingKey {
    case days, weeks, firstDay, lastDay, hours, withinHour, first, last, hasMissing, pointMasses
  }

  /// Decodes an encoder, which has days or weeks.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let days = try container.decodeIfPresent(CategoryEncoder.self, forKey: .days) {
      guard !days.hasMissing, days.groups.isEmpty,
        days.categories.allSatisfy({ abs($0) * 86_400 <= Self.maximum })
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .days, in: container, debugDescription: "a day is in no calendar")
      }
      day = .category(days)
    } else {
      let first = try container.decode(Double.self, forKey: .firstDay)
      let last = try container.decode(Double.self, forKey: .lastDay)
      guard first <= last, max(abs(first), abs(last)) * 86_400 <= Self.maximum else {
        throw DecodingError.dataCorruptedError(
          forKey: .firstDay, in: container,
          debugDescription: "the first day is after the last, or one is in no calendar")
      }
      day = .week(try container.decode(QuantileEncoder.self, forKey: .weeks), first...last)
    }
    hours = try container.decodeIfPresent(CategoryEncoder.self, forKey: .hours)
    if let hours {
      guard !hours.hasMissing, hours.groups.isEmpty,
        hours.categories.allSatisfy({ (0...23).contains($0) && $0 == $0.rounded() })
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .hours, in: container, debugDescription: "an hour is not in 0...23")
      }
    }
    withinHour =
      hours == nil ? nil : try container.decode(QuantileEncoder.self, forKey: .withinHour)
    let first = try container.decode(Double.self, forKey: .first)
    let last = try container.decode(Double.self, forKey: .last)
    guard first <= last, max(abs(first), abs(last)) <= Self.maximum else {
      throw DecodingError.dataCorruptedError(
        forKey: .first, in: container,
        debugDescription: "the first time is after the last, or one is in no calendar")
    }
    range = first...last
    hasMissing = try container.decode(Bool.self, forKey: .hasMissing)
    if let range = withinHour?.range, range.lowerBound < 0 || range.upperBound > 3600 {
      throw DecodingError.dataCorruptedError(
        forKey: .withinHour, in: container,
        debugDescription: "a second of the hour lies in 0...3600, not \(range)")
    }
    pointMasses = try container.decodeIfPresent([Double].self, forKey: .pointMasses) ?? []
    guard pointMasses.count <= Self.maxPointMasses,
      pointMasses.allSatisfy({ abs($0) <= Self.maximum })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .pointMasses, in: container,
        debugDescription: "a time is in no calendar, or too many")
    }
  }

  /// Encodes all parts.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch day {
    case .category(let encoder): try container.encode(encoder, forKey: .days)
    case .week(let encoder, let days):
      try container.encode(encoder, forKey: .weeks)
      try container.encode(days.lowerBound, forKey: .firstDay)
      try container.encode(days.upperBound, forKey: .lastDay)
    }
    try container.encodeIfPresent(hours, forKey: .hours)
    try container.encodeIfPresent(withinHour, forKey: .withinHour)
    try container.encode(range.lowerBound, forKey: .first)
    try container.encode(range.upperBound, forKey: .last)
    try container.encode(hasMissing, forKey: .hasMissing)
    if !pointMasses.isEmpty { try container.encode(pointMasses, forKey: .pointMasses) }
  }
}
