// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// The poster's encoding of a time: eleven calendar numbers, each scaled to 0...1 between its least
/// and greatest value: year, quarter, month, day of the week, day of the year, day of the month,
/// week, hour, minute, second, and the time itself ("horizon").
///
/// The numbers of a generated row contradict each other. The inverse takes year, day of the year,
/// hour, minute and second, and passes over the rest. A column with missing values has a category,
/// present or missing, before the numbers.
public struct PosterTimeEncoder: ColumnEncoder, Equatable {
  private let minimum: [Double]
  private let maximum: [Double]
  private let hasMissing: Bool

  private static let numberCount = 11
  private static let horizon = 10
  /// Beyond the year ±140,000 there is no calendar.
  private static let limit = 4.4e12

  /// Fits times in seconds since 1970, NaN where missing; fractions of a second are cut off.
  /// O(rows).
  ///
  /// - Throws: ``TabularError/encoding(_:)`` where there is no time, or one that no calendar has.
  public init(fitting values: [Double]) throws(TabularError) {
    let present = try NumericEncoder.learnable(values)
    if let value = present.first(where: { abs($0) > Self.limit }) {
      throw .encoding("holds the time \(value) s, which is in no calendar (declare it a quantity)")
    }
    var minimum = Self.numbers(present[0])
    var maximum = minimum
    for value in present {
      let numbers = Self.numbers(value)
      for i in 0..<Self.numberCount {
        minimum[i] = min(minimum[i], numbers[i])
        maximum[i] = max(maximum[i], numbers[i])
      }
    }
    self.minimum = minimum
    self.maximum = maximum
    hasMissing = present.count < values.count
  }

  /// The range of each number; that of the time itself is unrestricted.
  private static let ranges: [ClosedRange<Double>] =
    [-140_000...144_000, 0...3, 1...12, 0...6, 0...365, 1...31, 0...53, 0...23, 0...59, 0...59]
    + [-limit...limit]

  private static func numbers(_ time: Double) -> [Double] {
    let seconds = Int(time.rounded(.down))
    let days = Int((Double(seconds) / 86_400).rounded(.down))
    let date = CivilDate(daysSince1970: days)
    let ofYear = days - CivilDate(year: date.year, month: 1, day: 1).daysSince1970
    let ofDay = seconds - days * 86_400
    let weekday = ((days + 3) % 7 + 7) % 7
    return [
      date.year, (date.month - 1) / 3, date.month, weekday, ofYear, date.day,
      (ofYear + 6 - weekday) / 7, ofDay / 3600, ofDay / 60 % 60, ofDay % 60, seconds,
    ].map(Double.init)
  }

  /// Present or missing (if needed), then eleven scalars in 0...1.
  public var spans: [OutputSpan] {
    let presence = [OutputSpan(column: 0, offset: 0, width: 2, activation: .softmax)]
    return (hasMissing ? presence : [])
      + (0..<Self.numberCount).map {
        OutputSpan(
          column: 0, offset: (hasMissing ? 2 : 0) + $0, width: 1, activation: .sigmoid)
      }
  }

  /// True if a time was missing when the encoder was fitted.
  public var representsMissing: Bool { hasMissing }

  /// Present and missing for the first span, if it is needed; empty for scalars.
  public func categories(ofSpan span: Int) -> [EncodedCategory] {
    hasMissing && span == 0 ? [.named("present"), .missing] : []
  }

  /// The eleven numbers of each time, scaled to the fitted range and clipped to 0...1.
  ///
  /// - Throws: ``TabularError/encoding(_:)`` for a missing time if there was none when it was
  ///   fitted.
  public func transform(
    _ values: [Double], seed: UInt64
  ) throws(TabularError) -> [EncodedTable.Block] {
    var scalars = [[Float]](
      repeating: [Float](repeating: 0, count: values.count), count: Self.numberCount)
    for (row, value) in values.enumerated() {
      guard !value.isNaN else {
        if !hasMissing { throw .missingValue(row: row) }
        continue
      }
      let numbers = Self.numbers(value)
      for i in 0..<Self.numberCount {
        let width = maximum[i] - minimum[i]
        scalars[i][row] =
          width > 0 ? Float(min(max((numbers[i] - minimum[i]) / width, 0), 1)) : 0.5
      }
    }
    let presence = EncodedTable.Block.code(values.map { $0.isNaN ? 1 : 0 })
    return (hasMissing ? [presence] : []) + scalars.map { .scalar($0) }
  }

  /// The time of year, day of the year, hour, minute and second, within the fitted range; NaN for a
  /// missing one.
  public func inverse(_ row: UnsafePointer<Float>) -> Double {
    var at = row
    if hasMissing {
      if at[1] > at[0] { return .nan }
      at += 2
    }
    func number(_ i: Int) -> Int {
      let value = minimum[i] + Double(at[i]) * (maximum[i] - minimum[i])
      return value.whole(in: Int(minimum[i])...Int(maximum[i]))
    }
    let days = CivilDate(year: number(0), month: 1, day: 1).daysSince1970 + number(4)
    let time = Double(days * 86_400 + number(7) * 3600 + number(8) * 60 + number(9))
    return min(max(time, minimum[Self.horizon]), maximum[Self.horizon])
  }
}

extension PosterTimeEncoder {
  private enum CodingKeys: String, CodingKey { case minimum, maximum, hasMissing }

  /// Decodes an encoder; what could not have been fitted is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    minimum = try container.decode([Double].self, forKey: .minimum)
    maximum = try container.decode([Double].self, forKey: .maximum)
    hasMissing = try container.decode(Bool.self, forKey: .hasMissing)
    guard minimum.count == Self.numberCount, maximum.count == Self.numberCount,
      zip(Self.ranges, zip(minimum, maximum)).allSatisfy({ range, own in
        own.0 <= own.1 && range.contains(own.0) && range.contains(own.1)
      })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .minimum, in: container,
        debugDescription: "there must be the ranges of \(Self.numberCount) numbers")
    }
  }
}
