// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// When trips begin: a weight for every hour from 1 January to 30 June 2016.
///
/// weight = trips of the month x weekday's level x hour's share of the day x the day's events.
struct DemandProfile: Sendable {
  /// 2016-01-01 00:00:00, a Friday, in seconds since 1970.
  static let start = 1_451_606_400

  /// Trips in the published monthly files, January to June 2016.
  static let monthlyTrips = [
    10_906_858.0, 11_382_049, 12_210_952, 11_934_338, 11_836_853, 11_135_470,
  ]
  static let monthLengths = [31, 29, 31, 30, 31, 30]

  /// Level of Monday to Sunday against the mean day.
  static let weekdayLevels = [0.89, 0.97, 0.99, 1.03, 1.07, 1.08, 0.93]

  /// Share of the day's trips by hour, in per mille, Monday to Sunday.
  static let hourShares: [[Double]] = [
    [
      23, 16, 9, 5, 7, 10, 28, 44, 59, 57, 47, 43, 47, 46, 53, 54, 52, 59, 68, 65, 65, 56, 52, 35,
    ],
    [
      21, 14, 6, 4, 6, 12, 28, 51, 59, 55, 50, 48, 48, 47, 52, 51, 46, 55, 68, 64, 58, 63, 56, 40,
    ],
    [
      25, 13, 8, 6, 5, 11, 26, 48, 60, 52, 48, 47, 47, 46, 49, 48, 44, 55, 64, 64, 63, 67, 59, 44,
    ],
    [
      27, 16, 10, 7, 7, 9, 28, 45, 57, 52, 45, 45, 48, 49, 49, 47, 41, 50, 61, 67, 65, 63, 62, 50,
    ],
    [
      34, 23, 14, 10, 9, 9, 25, 43, 51, 49, 45, 46, 48, 46, 50, 44, 41, 53, 63, 66, 59, 57, 57, 58,
    ],
    [
      49, 46, 35, 26, 18, 9, 11, 16, 24, 36, 39, 47, 51, 53, 52, 52, 49, 51, 60, 57, 53, 52, 56, 59,
    ],
    [
      64, 58, 46, 40, 26, 12, 12, 16, 21, 31, 43, 53, 57, 55, 55, 53, 48, 58, 49, 53, 45, 42, 36,
      30,
    ],
  ]

  /// The blizzard of 23 January 2016 and the day after it, hour by hour, against an ordinary day:
  /// travel was banned from the afternoon of the 23rd until the morning of the 24th.
  static let blizzard: [Double] = [
    1, 0.7, 0.8, 0.7, 0.7, 0.4, 0.25, 0.28, 0.25, 0.17, 0.21, 0.16, 0.15, 0.08, 0.08, 0.04, 0.01,
    0, 0, 0, 0, 0, 0, 0,
    0, 0, 0.01, 0, 0, 0, 0.04, 0.17, 0.13, 0.27, 0.38, 0.37, 0.5, 0.45, 0.68, 0.6, 0.75, 0.63,
    0.95, 0.72, 0.74, 0.95, 0.85, 0.85,
  ]
  /// New Year's night against an ordinary early Friday, then the day's remainder.
  static let newYear: [Double] =
    [2.1, 2.8, 4.2, 5.9, 4.6, 1.5, 0.7, 0.45, 0.3, 0.25, 0.5, 0.8, 0.8, 1, 0.95]
    + Array(repeating: 0.85, count: 9)

  /// Public holidays on weekdays, as days since 1 January: the tariff and the streets are as on a
  /// weekend.
  ///
  /// New Year, Martin Luther King, Presidents', Memorial Day.
  static let holidays: Set<Int> = [0, 17, 45, 150]

  /// What the model asks of an hour, looked up once for each trip.
  struct Hour: Sendable {
    var weekend: Bool
    /// Weekday, and no holiday: the rush-hour extra is due.
    var working: Bool
    var partOfDay: PartOfDay
  }

  let hourly: [Hour]
  private let table: AliasTable

  init() {
    var weights: [Double] = []
    var hourly: [Hour] = []
    var day = 0
    for (month, length) in Self.monthLengths.enumerated() {
      let first = weights.count
      for _ in 0..<length {
        let weekday = Self.weekday(ofDay: day)
        let weekend = weekday >= 5
        let holiday = Self.holidays.contains(day)
        for hour in 0..<24 {
          weights.append(
            Self.weekdayLevels[weekday] * Self.hourShares[weekday][hour]
              * Self.event(day: day, hour: hour))
          hourly.append(
            Hour(
              weekend: weekend || holiday, working: !weekend && !holiday,
              partOfDay: PartOfDay(hour: hour, weekend: weekend)))
        }
        day += 1
      }
      let scale = Self.monthlyTrips[month] / weights[first...].reduce(0, +)
      for i in first..<weights.count { weights[i] *= scale }
    }
    self.hourly = hourly
    table = AliasTable(weights: weights)
  }

  /// 0 for Monday to 6 for Sunday.
  static func weekday(ofDay day: Int) -> Int { (day + 4) % 7 }

  private static func event(day: Int, hour: Int) -> Double {
    switch day {
    case 0: newYear[hour]
    case 22: blizzard[hour]
    case 23: blizzard[24 + hour]
    case 24: 0.85
    default: holidays.contains(day) ? 0.88 : 1
    }
  }

  /// An hour since ``start`` at which a trip begins.
  func draw(_ random: inout RowRandom) -> Int { table.draw(&random) }
}

/// Parts of the week with flows of their own between the city's areas.
enum PartOfDay: Int, Sendable, CaseIterable {
  case weekdayNight, weekdayMorning, weekdayMidday, weekdayEvening, weekdayLate
  case weekendNight, weekendMorning, weekendMidday, weekendEvening, weekendLate

  init(hour: Int, weekend: Bool) {
    let part =
      switch hour {
      case ..<5: 0
      case ..<10: 1
      case ..<16: 2
      case ..<20: 3
      default: 4
      }
    self = Self(rawValue: part + (weekend ? 5 : 0))!
  }
}
