import Foundation

/// The poster's encoding of a time: eleven calendar numbers, each scaled to 0...1 between its least
/// and greatest value: year, quarter, month, day of the week, day of the year, day of the month,
/// week, hour, minute, second, and the time itself ("horizon").
///
/// The numbers of a generated row contradict each other. The inverse takes year, day of the year,
/// hour, minute and second, and passes over the rest.
struct PosterTimeEncoder: ColumnEncoder {
  private let least: [Double]
  private let greatest: [Double]
  private let range: ClosedRange<Double>

  init(_ values: [Double]) {
    let present = values.filter { !$0.isNaN }
    let numbers = present.map(Self.numbers)
    least = (0..<11).map { i in numbers.map { $0[i] }.min() ?? 0 }
    greatest = (0..<11).map { i in numbers.map { $0[i] }.max() ?? 0 }
    range = (present.min() ?? 0)...(present.max() ?? 0)
  }

  private static func numbers(_ time: Double) -> [Double] {
    let days = Int((time / 86_400).rounded(.down))
    let date = CivilDate(daysSince1970: days)
    let ofYear = days - CivilDate(year: date.year, month: 1, day: 1).daysSince1970
    let seconds = Int(time) - days * 86_400
    let weekday = ((days + 3) % 7 + 7) % 7
    return [
      date.year, (date.month - 1) / 3, date.month, weekday, ofYear, date.day,
      (ofYear + 6 - weekday) / 7, seconds / 3600, seconds / 60 % 60, seconds % 60, Int(time),
    ].map(Double.init)
  }

  var spans: [OutputSpan] {
    (0..<11).map { OutputSpan(column: 0, offset: $0, width: 1, activation: .sigmoid) }
  }

  func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block] {
    let numbers = values.map { $0.isNaN ? least : Self.numbers($0) }
    return (0..<11).map { i in
      let width = greatest[i] - least[i]
      return .scalar(numbers.map { width > 0 ? Float(($0[i] - least[i]) / width) : 0.5 })
    }
  }

  func inverse(_ row: UnsafePointer<Float>) -> Double {
    func number(_ i: Int) -> Int {
      Int((least[i] + Double(row[i]) * (greatest[i] - least[i])).rounded())
    }
    let days = CivilDate(year: number(0), month: 1, day: 1).daysSince1970 + number(4)
    let time = Double(days * 86_400 + number(7) * 3600 + number(8) * 60 + number(9))
    return min(max(time, range.lowerBound), range.upperBound)
  }
}
