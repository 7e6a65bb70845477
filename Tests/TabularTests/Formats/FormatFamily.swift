// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom
import Tabular
import Testing

/// One common format of values, with a value for each row.
struct ValueFormat: Sendable, CustomTestStringConvertible {
  enum Group: String, Sendable, CaseIterable {
    case times = "times"
    case numbers = "numbers"
    case texts = "text and truth values"
  }

  var name: String
  var group: Group
  /// The inferred kind of the column, given enough rows.
  var kind: ColumnKind
  /// A regular expression that matches every complete field.
  var shape: String
  /// The text of row `i`; deterministic.
  var text: @Sendable (Int) -> String

  var testDescription: String { name }
}

/// All formats that must survive a round trip.
enum FormatFamily {
  /// Uniform numbers in 0..<1 by row and column.
  static func uniform(_ row: Int, _ salt: Int) -> Double {
    var random = SplitMix64(state: UInt64(row &* 1009 &+ salt))
    _ = random.next()
    return Double(random.next() >> 11) * 0x1p-53
  }

  /// Seconds since 1970 in the years 2015 to 2017.
  static func time(_ row: Int) -> Int {
    1_420_070_400 + Int(uniform(row, 1) * 3 * 365 * 86_400)
  }

  private struct Clock {
    var year, month, day, hour, minute, second: Int
    var micro: Int
    var weekday: Int
    var dayOfYear: Int

    init(_ row: Int) {
      let time = FormatFamily.time(row)
      let days = time / 86_400
      let date = CivilDate(daysSince1970: days)
      (year, month, day) = (date.year, date.month, date.day)
      (hour, minute, second) = (time / 3600 % 24, time / 60 % 60, time % 60)
      micro = Int(FormatFamily.uniform(row, 2) * 1e6)
      weekday = (days + 3) % 7
      dayOfYear = days - CivilDate(year: year, month: 1, day: 1).daysSince1970 + 1
    }

    var halfDayHour: Int { (hour + 11) % 12 + 1 }
    var half: String { hour < 12 ? "AM" : "PM" }
    var monthName: String { FormatFamily.months[month - 1] }
    var weekdayName: String { FormatFamily.weekdays[weekday] }
  }

  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
  static let weekdays = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
  ]

  private static func pad(_ value: Int, _ width: Int = 2) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  private static func times(
    _ name: String, _ shape: String, _ text: @escaping @Sendable (Clock) -> String
  ) -> ValueFormat {
    ValueFormat(name: name, group: .times, kind: .datetime, shape: shape) { text(Clock($0)) }
  }

  static let timeFormats: [ValueFormat] = [
    times("2016-04-30 22:55:56", #"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day)) \(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))"
    },
    times("2016-04-30T22:55:56", #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day))T\(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))"
    },
    times("2016-04-30T22:55:56Z", #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day))T\(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))Z"
    },
    times("2016-04-30T22:55:56.123Z", #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day))T\(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))"
        + ".\(pad($0.micro / 1000, 3))Z"
    },
    times("2016-04-30 22:55:56.123456", #"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day)) \(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))"
        + ".\(pad($0.micro, 6))"
    },
    times("2016-04-30 22:55:56.000000", #"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.000000"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day)) \(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))"
        + ".000000"
    },
    times("2016-04-30 22:55:56.0", #"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.0"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day)) \(pad($0.hour)):\(pad($0.minute)):\(pad($0.second)).0"
    },
    times("2016-04-30 22:55:56.5, zeros left out", #"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d?[1-9])?"#)
    {
      let hundredths = $0.micro % 3 == 0 ? 0 : $0.micro / 10_000
      let fraction =
        hundredths == 0
        ? "" : hundredths % 10 == 0 ? ".\(hundredths / 10)" : ".\(pad(hundredths))"
      return
        "\($0.year)-\(pad($0.month))-\(pad($0.day)) \(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))"
        + fraction
    },
    times("2016-04-30 22:55:56-04:00", #"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d-04:00"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day)) \(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))-04:00"
    },
    times("2016-04-30T22:55:56+0200", #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0200"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day))T\(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))+0200"
    },
    times("2016-04-30 22:55:56 UTC", #"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day)) \(pad($0.hour)):\(pad($0.minute)):\(pad($0.second)) UTC"
    },
    times("offset with summer time", #"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0[12]:00"#) {
      let offset = (4...10).contains($0.month) ? "+02:00" : "+01:00"
      return
        "\($0.year)-\(pad($0.month))-\(pad($0.day)) \(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))"
        + offset
    },
    times("2016-04-30 22:55", #"\d{4}-\d\d-\d\d \d\d:\d\d"#) {
      "\($0.year)-\(pad($0.month))-\(pad($0.day)) \(pad($0.hour)):\(pad($0.minute))"
    },
    times("22:55 with seconds where there are any", #"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?"#) {
      let second = $0.second % 3 == 0 ? "" : ":\(pad($0.second))"
      return "\($0.year)-\(pad($0.month))-\(pad($0.day)) \(pad($0.hour)):\(pad($0.minute))" + second
    },
    times("04/30/2016 10:55:56 PM", #"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d [AP]M"#) {
      "\(pad($0.month))/\(pad($0.day))/\($0.year) \(pad($0.halfDayHour)):\(pad($0.minute)):\(pad($0.second)) \($0.half)"
    },
    times("4/30/2016 10:55 pm", #"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d [ap]m"#) {
      "\($0.month)/\($0.day)/\($0.year) \($0.halfDayHour):\(pad($0.minute)) \($0.half.lowercased())"
    },
    times("4/30/2016 22:55", #"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d"#) {
      "\($0.month)/\($0.day)/\($0.year) \($0.hour):\(pad($0.minute))"
    },
    times("4/30/16 22:55", #"\d{1,2}/\d{1,2}/\d\d \d{1,2}:\d\d"#) {
      "\($0.month)/\($0.day)/\($0.year % 100) \($0.hour):\(pad($0.minute))"
    },
    times("30/04/2016", #"\d\d/\d\d/\d{4}"#) { "\(pad($0.day))/\(pad($0.month))/\($0.year)" },
    times("30/04/16", #"\d\d/\d\d/\d\d"#) { "\(pad($0.day))/\(pad($0.month))/\($0.year % 100)" },
    times("30.04.2016 22:55", #"\d\d\.\d\d\.\d{4} \d\d:\d\d"#) {
      "\(pad($0.day)).\(pad($0.month)).\($0.year) \(pad($0.hour)):\(pad($0.minute))"
    },
    times("30-04-2016", #"\d\d-\d\d-\d{4}"#) { "\(pad($0.day))-\(pad($0.month))-\($0.year)" },
    times("2016/04/30", #"\d{4}/\d\d/\d\d"#) { "\($0.year)/\(pad($0.month))/\(pad($0.day))" },
    times("2016.04.30", #"\d{4}\.\d\d\.\d\d"#) { "\($0.year).\(pad($0.month)).\(pad($0.day))" },
    times("20160430", #"\d{8}"#) { "\($0.year)\(pad($0.month))\(pad($0.day))" },
    times("20160430T225556", #"\d{8}T\d{6}"#) {
      "\($0.year)\(pad($0.month))\(pad($0.day))T\(pad($0.hour))\(pad($0.minute))\(pad($0.second))"
    },
    times("20160430225556", #"\d{14}"#) {
      "\($0.year)\(pad($0.month))\(pad($0.day))\(pad($0.hour))\(pad($0.minute))\(pad($0.second))"
    },
    times("30-Apr-2016", #"\d\d-[A-Z][a-z]{2}-\d{4}"#) {
      "\(pad($0.day))-\($0.monthName.prefix(3))-\($0.year)"
    },
    times("30-APR-16 10.55 as in Oracle, date only", #"\d\d-[A-Z]{3}-\d\d"#) {
      "\(pad($0.day))-\($0.monthName.prefix(3).uppercased())-\($0.year % 100)"
    },
    times("30APR2016", #"\d\d[A-Z]{3}\d{4}"#) {
      "\(pad($0.day))\($0.monthName.prefix(3).uppercased())\($0.year)"
    },
    times("April 30, 2016", #"[A-Z][a-z]+ \d{1,2}, \d{4}"#) {
      "\($0.monthName) \($0.day), \($0.year)"
    },
    times("30 Apr 2016 22:55:56", #"\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d"#) {
      "\($0.day) \($0.monthName.prefix(3)) \($0.year) \(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))"
    },
    times(
      "Sat, 30 Apr 2016 22:55:56 +0000",
      #"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000"#
    ) {
      "\($0.weekdayName.prefix(3)), \(pad($0.day)) \($0.monthName.prefix(3)) \($0.year) "
        + "\(pad($0.hour)):\(pad($0.minute)):\(pad($0.second)) +0000"
    },
    times("Sat Apr 30 22:55:56 2016", #"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \d{4}"#) {
      "\($0.weekdayName.prefix(3)) \($0.monthName.prefix(3)) \(pad($0.day)) "
        + "\(pad($0.hour)):\(pad($0.minute)):\(pad($0.second)) \($0.year)"
    },
    times("30/Apr/2016:22:55:56 +0000", #"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000"#) {
      "\(pad($0.day))/\($0.monthName.prefix(3))/\($0.year):\(pad($0.hour)):\(pad($0.minute)):\(pad($0.second)) +0000"
    },
    times("22:55:56", #"\d\d:\d\d:\d\d"#) { "\(pad($0.hour)):\(pad($0.minute)):\(pad($0.second))" },
    times("22:55", #"\d\d:\d\d"#) { "\(pad($0.hour)):\(pad($0.minute))" },
    times("10:55 PM", #"\d{1,2}:\d\d [AP]M"#) { "\($0.halfDayHour):\(pad($0.minute)) \($0.half)" },
    times("2016-04", #"\d{4}-\d\d"#) { "\($0.year)-\(pad($0.month))" },
    times("2016-121, day of the year", #"\d{4}-\d{3}"#) { "\($0.year)-\(pad($0.dayOfYear, 3))" },
    times("1850 to 1899", #"18\d\d-\d\d-\d\d"#) {
      "\($0.year - 2015 + 1850 + ($0.micro % 45))-\(pad($0.month))-\(pad(min($0.day, 28)))"
    },
    times("2262 to 2300", #"2[23]\d\d-\d\d-\d\d"#) {
      "\($0.year - 2015 + 2262 + ($0.micro % 35))-\(pad($0.month))-\(pad(min($0.day, 28)))"
    },
  ]

  private static func numbers(
    _ name: String, _ shape: String, kind: ColumnKind = .continuous,
    _ text: @escaping @Sendable (_ normal: Double, _ uniform: Double) -> String
  ) -> ValueFormat {
    ValueFormat(name: name, group: .numbers, kind: kind, shape: shape) { row in
      let (u, v) = (uniform(row, 3), uniform(row, 4))
      return text((-2 * log(u + 1e-12)).squareRoot() * cos(2 * .pi * v), u)
    }
  }

  private static func grouped(_ digits: String, _ mark: String) -> String {
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { result += mark }
      result.append(digit)
    }
    return result
  }

  /// An amount from 1 to 100,000 in cents.
  private static func amount(_ normal: Double) -> (whole: String, cents: String) {
    let cents = Int(exp(5 + 1.8 * normal) * 100)
    return (String(cents / 100), pad(cents % 100))
  }

  static let numberFormats: [ValueFormat] = [
    numbers("12.50", #"-?\d+\.\d\d"#) { normal, _ in String(format: "%.2f", 40 * normal + 100) },
    numbers("12.5, zeros left out", #"-?\d+(\.\d)?"#) { normal, _ in
      let tenths = Int(400 * normal + 1000)
      return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
    },
    numbers("12.0", #"-?\d+\.0"#, kind: .integer) { normal, _ in "\(Int(400 * normal + 1000)).0" },
    numbers("1234", #"-?\d+"#, kind: .integer) { normal, _ in "\(Int(400 * normal + 1000))" },
    numbers("1.234e-09", #"-?\d\.\d{3}e[+-]\d\d"#) { normal, _ in
      String(format: "%.3e", exp(-18 + 3 * normal))
    },
    numbers("1.2345E+09", #"-?\d\.\d{4}E[+-]\d\d"#) { normal, _ in
      String(format: "%.4E", exp(18 + 3 * normal))
    },
    numbers("1.23e-9, exponent of one digit", #"-?\d\.\d\de-?\d+"#) { normal, _ in
      let text = String(format: "%.2e", exp(-18 + 3 * normal))
      let parts = text.split(separator: "e")
      return "\(parts[0])e\(Int(parts[1])!)"
    },
    numbers("6e-05 among 0.0003", #"\d(\.\d+)?e-\d\d|0\.\d+|\d+\.\d+"#) { normal, _ in
      "\(exp(-9 + 1.5 * normal))"
    },
    numbers("123.4e-06, exponent by threes", #"\d{1,3}\.\d+e[+-]\d\d"#) { normal, _ in
      let value = exp(-12 + 4 * normal)
      let power = Int((log10(value) / 3).rounded(.down)) * 3
      return String(
        format: "%.1fe%@%02d", value / pow(10, Double(power)), power < 0 ? "-" : "+", abs(power))
    },
    numbers("$1,234.50", #"\$\d{1,3}(,\d{3})*\.\d\d"#) { normal, _ in
      let amount = amount(normal)
      return "$\(grouped(amount.whole, ",")).\(amount.cents)"
    },
    numbers("-$12.34", #"-?\$\d{1,3}(,\d{3})*\.\d\d"#) { normal, u in
      let amount = amount(normal)
      return "\(u < 0.3 ? "-" : "")$\(grouped(amount.whole, ",")).\(amount.cents)"
    },
    numbers("(4.10) for -4.10", #"\(\d{1,3}(,\d{3})*\.\d\d\)|\d{1,3}(,\d{3})*\.\d\d"#) {
      normal, u in
      let amount = amount(normal)
      let text = "\(grouped(amount.whole, ",")).\(amount.cents)"
      return u < 0.3 ? "(\(text))" : text
    },
    numbers("1.234,50 €", #"\d{1,3}(\.\d{3})*,\d\d €"#) { normal, _ in
      let amount = amount(normal)
      return "\(grouped(amount.whole, ".")),\(amount.cents) €"
    },
    numbers("1 234,50", #"\d{1,3}( \d{3})*,\d\d"#) { normal, _ in
      let amount = amount(normal)
      return "\(grouped(amount.whole, " ")),\(amount.cents)"
    },
    numbers("1'234.50", #"\d{1,3}('\d{3})*\.\d\d"#) { normal, _ in
      let amount = amount(normal)
      return "\(grouped(amount.whole, "'")).\(amount.cents)"
    },
    numbers("12,5", #"-?\d+,\d"#) { normal, _ in
      let tenths = Int(400 * abs(normal) + 1000)
      return "\(tenths / 10),\(tenths % 10)"
    },
    numbers("1,234", #"-?\d{1,3}(,\d{3})*"#, kind: .integer) { normal, _ in
      grouped("\(Int(exp(8 + 2 * normal)))", ",")
    },
    numbers("12.3%", #"\d+\.\d%"#) { _, u in String(format: "%.1f%%", 100 * u) },
    numbers("12 %", #"\d+ %"#, kind: .integer) { _, u in "\(Int(1000 * u)) %" },
    numbers("3.5 km", #"\d+\.\d km"#) { normal, _ in String(format: "%.1f km", exp(2 + normal)) },
    numbers("71kg", #"\d+kg"#, kind: .integer) { normal, _ in "\(Int(exp(4 + normal)))kg" },
    numbers("USD 12.50", #"USD \d+\.\d\d"#) { normal, _ in
      String(format: "USD %.2f", exp(2 + normal))
    },
    numbers("+1.5 and -1.5", #"[+-]\d+\.\d"#) { normal, _ in
      let tenths = Int(100 * normal)
      let shown = tenths == 0 ? 1 : tenths
      return String(format: "%+.1f", Double(shown) / 10)
    },
    numbers(".70", #"-?\d*\.\d\d"#) { normal, _ in
      let text = String(format: "%.2f", abs(normal))
      return text.hasPrefix("0") ? String(text.dropFirst()) : text
    },
    numbers("07.50", #"\d\d\.\d\d"#) { _, u in String(format: "%05.2f", 40 * u) },
    numbers("12.50, some with more decimals", #"-?\d+\.\d{2}|-?\d+\.\d{5}"#) { normal, u in
      String(format: u < 0.05 ? "%.5f" : "%.2f", 40 + 5 * normal)
    },
    numbers("12,345,678 with an outlier of 10^12", #"\d{1,3}(,\d{3})*"#, kind: .integer) {
      normal, u in
      grouped("\(u < 0.003 ? 1_000_000_000_000 : Int(exp(8 + normal)))", ",")
    },
  ]

  private static func texts(
    _ name: String, _ shape: String, kind: ColumnKind,
    _ text: @escaping @Sendable (Double) -> String
  ) -> ValueFormat {
    ValueFormat(name: name, group: .texts, kind: kind, shape: shape) { text(uniform($0, 5)) }
  }

  static let textFormats: [ValueFormat] = [
    texts("00501, codes with leading zeros", #"0\d{4}"#, kind: .categorical) {
      "0050\(Int($0 * 9))"
    },
    texts("93528, few with a leading zero", #"\d{5}"#, kind: .categorical) {
      $0 < 0.01 ? "02134" : "9000\(Int($0 * 9))"
    },
    texts("V01 among 250, diagnosis codes", #"V?\d+"#, kind: .categorical) {
      $0 < 0.2 ? "V0\(Int($0 * 40))" : "\(200 + Int($0 * 50))"
    },
    texts("Yes, No", "Yes|No", kind: .boolean) { $0 < 0.3 ? "Yes" : "No" },
    texts("TRUE, FALSE", "TRUE|FALSE", kind: .boolean) { $0 < 0.3 ? "TRUE" : "FALSE" },
    texts("t, f", "t|f", kind: .boolean) { $0 < 0.3 ? "t" : "f" },
    texts("0, 1", "0|1", kind: .boolean) { $0 < 0.3 ? "1" : "0" },
    texts("names with spaces and commas", #"(Staten Island|Queens, NY|Bronx)"#, kind: .categorical)
    {
      ["Staten Island", "Queens, NY", "Bronx"][Int($0 * 3)]
    },
  ]

  static let all = timeFormats + numberFormats + textFormats
}
