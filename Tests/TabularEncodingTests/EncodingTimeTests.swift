// SPDX-License-Identifier: Apache-2.0

import Tabular
import TableTestSupport
import Testing
import TabularEncoding

@Suite struct EncodingTimeTests {
  private static let start = CivilDate(year: 2016, month: 1, day: 1).daysSince1970

  /// Times on `days` days, `step` seconds apart in any hour, some of them missing.
  private func times(days: Int, step: Double, missing: Bool, from: Int = start) -> [Double] {
    var random = SampleRandom(seed: 4)
    return (0..<6000).map { row in
      missing && row % 30 == 3
        ? .nan
        : (Double(from) + (random.uniform() * Double(days)).rounded(.down)) * 86_400
          + (random.uniform() * 86_400 / step).rounded(.down) * step
    }
  }

  @Test(arguments: [1, 60, 86_400, 0.5], [1, 31, 366, 3000])
  func calendarTimesComeBack(step: Double, days: Int) throws {
    let values = times(days: days, step: step, missing: days != 366)
    let encoder = try CalendarEncoder(fitting: values)
    let back = try encoder.roundTrip(values)
    for (value, result) in zip(values, back) {
      #expect(
        value.isNaN ? result.isNaN : value == result,
        "\(value) came back as \(result); \(days) days, steps of \(step) s")
    }
  }

  /// Whatever a generator says, it says one time of the real range.
  @Test(arguments: [10, 3000])
  func anyRowIsATime(days: Int) throws {
    let values = times(days: days, step: 1, missing: false)
    let encoder = try CalendarEncoder(fitting: values)
    let width = encoder.spans.last.map { $0.offset + $0.width } ?? 0
    var random = SampleRandom(seed: 12)
    let (first, last) = (values.min()!, values.max()!)
    for _ in 0..<1000 {
      let row = (0..<width).map { _ in Float(3 * random.normal()) }
      let time = encoder.inverse(row)
      #expect(time == time.rounded() && time >= first && time <= last, "\(time)")
    }
  }

  @Test("Generated times have hours that occur")
  func onlyHoursThatOccur() throws {
    let values = (0..<4000).map { (row: Int) -> Double in
      let hour = row % 2 == 0 ? 9 : 17
      return Double(row % 40 * 86_400 + hour * 3600 + row % 3600)
    }
    let encoder = try CalendarEncoder(fitting: values)
    let width = encoder.spans.last.map { $0.offset + $0.width } ?? 0
    var random = SampleRandom(seed: 13)
    for _ in 0..<500 {
      let time = encoder.inverse((0..<width).map { _ in Float(3 * random.normal()) })
      let hour = Int(time) % 86_400 / 3600
      #expect(hour == 9 || hour == 17, "\(time)")
    }
  }

  @Test(arguments: [-2_000_000, -1, 0, 16_800])
  func daysBefore1970AreDays(from: Int) throws {
    let values = times(days: 40, step: 1, missing: false, from: from)
    #expect(try CalendarEncoder(fitting: values).roundTrip(values) == values, "from day \(from)")
    #expect(try PosterTimeEncoder(fitting: values).roundTrip(values) == values, "from day \(from)")
  }

  @Test func categoriesAreNamed() throws {
    let monday = Double(CivilDate(year: 2016, month: 2, day: 29).daysSince1970) * 86_400
    let encoder = try CalendarEncoder(fitting: [monday, monday + 3661, .nan])
    #expect(encoder.categories(ofSpan: 0) == [.named("present"), .missing])
    #expect(encoder.categories(ofSpan: 1) == [.named("2016-02-29")])
    #expect(encoder.categories(ofSpan: 2) == [.named("0 h"), .named("1 h")])
    #expect(encoder.categories(ofSpan: 3).isEmpty)
    let weeks = try CalendarEncoder(fitting: (0..<500).map { monday + Double($0) * 86_400 })
    #expect(weeks.categories(ofSpan: 1).first == .named("Mon"))
    guard case .code(let weekdays) = try weeks.transform([monday], seed: 1)[1] else { return }
    #expect(weekdays == [0])
  }

  @Test(arguments: [false, true])
  func posterTimesComeBack(missing: Bool) throws {
    let values = times(days: 180, step: 1, missing: missing)
    let encoder = try PosterTimeEncoder(fitting: values)
    let back = try encoder.roundTrip(values)
    for (value, result) in zip(values, back) {
      #expect(value.isNaN ? result.isNaN : value == result, "\(value) came back as \(result)")
    }
    #expect(encoder.spans.count { $0.activation == .sigmoid } == 11)
  }

  /// The numbers of a generated row contradict each other; what counts is documented.
  @Test func contradictionsArePassedOver() throws {
    let first = Double(Self.start) * 86_400
    let values = (0..<366).map { first + Double($0) * 86_400 + Double($0 * 200) }
    let encoder = try PosterTimeEncoder(fitting: values)
    var row = [Float](repeating: 0, count: 11)
    guard case .scalar(let dayOfYear) = try encoder.transform([values[100]], seed: 1)[4] else {
      return
    }
    row[4] = dayOfYear[0]
    row[2] = 1  // December
    row[10] = 1  // the last second
    #expect(encoder.inverse(row) == first + 100 * 86_400)
  }

  @Test func timesBeyondAnyCalendarAreRefused() {
    #expect(throws: TabularError.self) { try CalendarEncoder(fitting: [1e300]) }
    #expect(throws: TabularError.self) { try PosterTimeEncoder(fitting: [-1e300]) }
  }
}
