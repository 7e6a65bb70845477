// SPDX-License-Identifier: Apache-2.0

import SeededRandom

extension TripModel {
  /// Rate code, fare, surcharges, tolls, payment and tip of an orderly trip.
  func charge(_ trip: inout SimulatedTrip, _ journey: Journey, _ random: inout RowRandom) {
    trip.rate = Self.rate(journey, &random)
    var units =
      Tariff.expectedUnits(miles: journey.miles, hours: journey.seconds / 3600)
    units += random.normal() * (0.06 + 0.0026 * units * units).squareRoot()
    let metered = Tariff.fare(units: max(0, Int(units.rounded())))
    trip.tax = Tariff.stateTax
    trip.improvement = Tariff.improvementSurcharge
    trip.extra = Self.extra(trip, journey, &random)
    trip.tolls = Self.tolls(journey, &random)
    switch trip.rate {
    case .standard, .unknown: trip.fare = metered
    case .jfk:
      trip.fare = Tariff.jfkFlatFare
      let rush = journey.working && (16..<20).contains(journey.hour)
      trip.extra = rush && random.chance(0.4) ? Tariff.jfkRushExtra : 0
    case .newark:
      trip.fare = metered + Tariff.newarkSurcharge
      trip.tax = 0
    case .nassauWestchester:
      // Double the meter beyond the city line: a third of the way, on average.
      trip.fare = metered + metered / 150 * 50
    case .negotiated: negotiate(&trip, metered: metered, &random)
    }
    trip.payment = Self.payment(vendor: trip.vendor, journey, &random)
    trip.tip = trip.payment == .card ? Self.tip(trip, &random) : 0
  }

  /// A fare agreed before the trip: outside the city, or by a driver's mistake.
  func negotiate(_ trip: inout SimulatedTrip, metered: Int, _ random: inout RowRandom) {
    trip.rate = .negotiated
    trip.extra = 0
    trip.tax = random.chance(0.73) ? 0 : Tariff.stateTax
    let u = random.uniform()
    if u < 0.09 {
      trip.fare = 0
    } else if u < 0.72 {
      trip.fare = 1000 * (1 + min(14, Int(5 * random.exponential())))
    } else if u < 0.81 {
      trip.fare = 500 + metered / 100 * 100
    } else {
      trip.fare = metered + random.index(below: 4000)
    }
  }

  private static func rate(_ journey: Journey, _ random: inout RowRandom) -> Tariff.Rate {
    if journey.joins(.jfk) { return random.chance(0.99) ? .jfk : .standard }
    if journey.toAirport == .newark { return random.chance(0.985) ? .newark : .negotiated }
    if journey.to == .newJersey { return random.chance(0.78) ? .negotiated : .standard }
    if journey.to == .elsewhere {
      let u = random.uniform()
      return u < 0.3 ? .nassauWestchester : u < 0.45 ? .negotiated : .standard
    }
    return .standard
  }

  private static func extra(
    _ trip: SimulatedTrip, _ journey: Journey, _ random: inout RowRandom
  ) -> Int {
    guard trip.vendor == 1 else {
      return Tariff.extra(hour: journey.hour, working: journey.working)
    }
    // Some meters of vendor 1 take the hour of the dropoff, and some know no weekend.
    let u = random.uniform()
    let hour = u < 0.35 ? trip.dropoff / 3600 % 24 : journey.hour
    return Tariff.extra(hour: hour, working: journey.working || u > 0.94)
  }

  private static func tolls(_ journey: Journey, _ random: inout RowRandom) -> Int {
    func pay(_ probability: Double) -> Int { random.chance(probability) ? Tariff.toll : 0 }
    if journey.touches(.newark) || journey.joins(.manhattan, .newJersey) {
      let u = random.uniform()
      // The Hudson's crossings by hour and by transponder, and the turnpike on top.
      let amounts = [1250, 1050, 1500, 1804, 1650, 1700]
      let ends = [0.30, 0.52, 0.64, 0.74, 0.81, 0.88]
      for (amount, end) in zip(amounts, ends) where u < end { return amount }
      return 0
    }
    if journey.joins(.jfk) || journey.joins(.laGuardia) { return pay(0.83) }
    if journey.fromAirport != nil || journey.toAirport != nil {
      return journey.from == .bronx || journey.to == .bronx ? pay(0.98) : pay(0.03)
    }
    if journey.joins(.manhattan, .brooklynAndQueens) { return pay(0.10) }
    if journey.joins(.manhattan, .bronx) { return random.chance(0.09) ? 254 : 0 }
    if journey.joins(.manhattan, .statenIsland) { return random.chance(0.9) ? 1108 : 0 }
    return journey.from == .manhattan && journey.to == .elsewhere ? pay(0.4) : 0
  }

  private static func payment(
    vendor: Int, _ journey: Journey, _ random: inout RowRandom
  ) -> SimulatedTrip.Payment {
    let u = random.uniform()
    if vendor == 1 {
      if u < 0.0068 { return .noCharge }
      if u < 0.0090 { return .dispute }
    }
    let card: Double
    if journey.touches(.laGuardia) {
      card = 0.79
    } else if journey.touches(.jfk) || journey.touches(.newark) {
      card = 0.71
    } else if journey.from == .manhattan && journey.to == .manhattan {
      card = 0.658
    } else if journey.from == .bronx || journey.to == .bronx {
      card = 0.45
    } else {
      card = journey.joins(.manhattan, .brooklynAndQueens) ? 0.7 : 0.52
    }
    return u > 1 - card ? .card : .cash
  }

  /// A card's tip: the buttons of the terminal, whole dollars, or an amount of the rider's own.
  private static func tip(_ trip: SimulatedTrip, _ random: inout RowRandom) -> Int {
    let base = trip.amountBeforeTip
    let first = trip.vendor == 1
    let u = random.uniform()
    // Cumulative shares of: nothing, 20 %, 25 %, 30 %, whole dollars, own amounts.
    let (none, twenty, quarter, thirty, whole) =
      first ? (0.024, 0.507, 0.606, 0.654, 0.877) : (0.045, 0.548, 0.664, 0.716, 0.89)
    if u < none { return 0 }
    if u < thirty {
      let percent = u < twenty ? 20 : u < quarter ? 25 : 30
      let tip = base * percent / 100
      // Terminals of vendor 1 cut the button's amount to 5 cents.
      return first ? tip / 5 * 5 : tip
    }
    if u < whole {
      // Near an eighth of the bill, at least a dollar; riders like 1, 2, 5 and 10.
      let dollars = Double(base) / 100 * (0.10 + 0.022 * random.exponential())
      if dollars < 3.6 { return 100 * max(1, Int(dollars + random.uniform(0.1, 0.6))) }
      if dollars < 7.5 && random.chance(0.45) { return 500 }
      if dollars > 7 && random.chance(0.5) { return 1000 }
      return 100 * Int(dollars.rounded())
    }
    let v = random.uniform()
    if v < 0.23 {
      // Rounded up to a whole total.
      let minimum = base + base / 12
      return (minimum + 99) / 100 * 100 - base
    }
    if v < 0.60 {
      return 50 * max(1, Int((Double(base) * random.uniform(0.1, 0.22) / 50).rounded()))
    }
    if v < 0.74 { return base * 15 / 100 }
    if v < 0.84 { return base / 10 }
    return max(1, Int(Double(base) * max(0.002, 0.135 + 0.05 * random.normal())))
  }
}
