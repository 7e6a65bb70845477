import Foundation

/// A time as day, hour, and place in the hour: parts that fit together in any combination, so that
/// every encoded row is one time.
///
/// Up to 400 days are categories. More are a scalar (the rank of the week, of which the weekday is a
/// category of its own).
struct CalendarEncoder: ColumnEncoder {
  private enum Day: Sendable, Codable {
    /// Days since 1970.
    case category(CategoryEncoder)
    /// Weeks since Thursday, 1 January 1970, and the day in that week.
    case week(QuantileEncoder)
  }

  private let day: Day
  private let hasHours: Bool
  private let hasMissing: Bool
  private let withinHour: QuantileEncoder?
  private let format: NumberFormat?

  private static let dayLimit = 400

  init(_ values: [Double], format: DatetimeFormat?, name: String) throws(TabularError) {
    let present = values.filter { !$0.isNaN }
    let days = present.map { ($0 / 86_400).rounded(.down) }
    hasMissing = present.count < values.count
    if Set(days).count <= Self.dayLimit {
      day = .category(try CategoryEncoder(days, name: name))
    } else {
      day = .week(
        QuantileEncoder(
          days.map { ($0 / 7).rounded(.down) }, format: NumberFormat(style: .shortest, decimals: 0))
      )
    }
    hasHours = zip(present, days).contains { $0 != 86_400 * $1 }
    let hasFractions = present.contains { $0 != $0.rounded() }
    self.format = NumberFormat(style: .shortest, decimals: hasFractions ? 3 : 0)
    withinHour =
      hasHours
      ? QuantileEncoder(present.map(Self.secondsOfHour), format: self.format) : nil
  }

  private static func secondsOfHour(_ time: Double) -> Double {
    time - (time / 3600).rounded(.down) * 3600
  }

  private static func hour(_ time: Double) -> Int {
    Int((time - (time / 86_400).rounded(.down) * 86_400) / 3600)
  }

  /// Presence, day (and weekday), hour, place in the hour.
  var spans: [OutputSpan] {
    var spans: [OutputSpan] = []
    var offset = 0
    func add(_ width: Int, _ activation: OutputSpan.Activation, isCategory: Bool = false) {
      spans.append(
        OutputSpan(
          column: 0, offset: offset, width: width, activation: activation, isCategory: isCategory))
      offset += width
    }
    if hasMissing { add(2, .softmax, isCategory: true) }
    switch day {
    case .category(let encoder): add(encoder.spans[0].width, .softmax)
    case .week:
      add(1, .linear)
      add(7, .softmax)
    }
    if hasHours {
      add(24, .softmax)
      add(1, .linear)
    }
    return spans
  }

  func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block] {
    var blocks: [EncodedTable.Block] = []
    if hasMissing { blocks.append(.code(values.map { $0.isNaN ? 1 : 0 })) }
    let days = values.map { ($0 / 86_400).rounded(.down) }
    switch day {
    case .category(let encoder): blocks += encoder.transform(days, seed: seed)
    case .week(let encoder):
      blocks += encoder.transform(days.map { ($0 / 7).rounded(.down) }, seed: seed)
      blocks.append(
        .code(days.map { $0.isNaN ? 0 : UInt16($0 - ($0 / 7).rounded(.down) * 7) }))
    }
    if hasHours, let withinHour {
      blocks.append(.code(values.map { $0.isNaN ? 0 : UInt16(Self.hour($0)) }))
      blocks += withinHour.transform(values.map(Self.secondsOfHour), seed: seed)
    }
    return blocks
  }

  func inverse(_ row: UnsafePointer<Float>) -> Double {
    var at = row
    if hasMissing {
      if at[1] > at[0] { return .nan }
      at += 2
    }
    var time: Double
    switch day {
    case .category(let encoder):
      time = encoder.inverse(at) * 86_400
      at += encoder.spans[0].width
    case .week(let encoder):
      time = (encoder.inverse(at) * 7 + Double((at + 1).indexOfLargest(7))) * 86_400
      at += 8
    }
    if hasHours, let withinHour {
      time += Double(at.indexOfLargest(24)) * 3600 + withinHour.inverse(at + 24)
    }
    return time
  }
}
