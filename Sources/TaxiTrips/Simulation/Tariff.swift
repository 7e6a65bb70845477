// SPDX-License-Identifier: Apache-2.0

/// New York City's taxi tariff of 2016; amounts in cents.
enum Tariff {
  static let drop = 250
  static let unit = 50
  static let jfkFlatFare = 5200
  static let newarkSurcharge = 1750
  static let stateTax = 50
  static let improvementSurcharge = 30
  static let nightExtra = 50
  static let rushExtra = 100
  static let jfkRushExtra = 450
  /// Bridge and tunnel toll with a transponder.
  static let toll = 554

  /// Rate codes of the record layout.
  enum Rate: Int {
    case standard = 1
    case jfk = 2
    case newark = 3
    case nassauWestchester = 4
    case negotiated = 5
    case unknown = 99
  }

  /// The meter's fare: the drop of 2.50 and 0.50 for each unit, a fifth of a mile when moving
  /// faster than 12 mph, else a minute.
  static func fare(units: Int) -> Int { drop + unit * units }

  /// Units on the meter to be expected for a trip.
  ///
  /// Of a trip only its length and duration are
  /// known; real fares follow 5 x hypot(miles, 10.5 x hours) closely, a little above it when slow.
  static func expectedUnits(miles: Double, hours: Double) -> Double {
    let slow = 10.5 * hours
    let units = 5 * (miles * miles + slow * slow).squareRoot()
    let mph = miles / max(hours, 1e-4)
    return units * (1.10 - 0.10 * min(1, mph / 13)) - 0.05
  }

  /// The extra of the hour of day: nights from 20:00 to 06:00, weekdays from 16:00 to 20:00.
  static func extra(hour: Int, working: Bool) -> Int {
    if hour >= 20 || hour < 6 { return nightExtra }
    return working && hour >= 16 ? rushExtra : 0
  }
}
