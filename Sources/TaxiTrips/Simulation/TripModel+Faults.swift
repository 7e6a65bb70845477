// SPDX-License-Identifier: Apache-2.0

import SeededRandom

extension TripModel {
  /// What goes wrong in the real files, at their rates: a trip suffers at most one of these, but
  /// for the coordinates, which get lost independently.
  private enum Fault: CaseIterable {
    /// Meter on and off again: no distance, seconds of duration, the drop as the fare.
    case aborted
    /// Rate code 5 for no reason, half of them without a distance.
    case negotiated
    /// Dropoff at the pickup's second.
    case noDuration
    /// Meter's clock started late: a real distance in seconds.
    case sprint
    /// Dropoff booked about 24 h late.
    case dayLate
    /// A reversed charge: all amounts negative.
    case reversed
    /// Out and back: the ends are one place, the distance is not 0.
    case roundTrip
    /// A fix far outside of the region.
    case far
    /// Rate code 99.
    case unknownRate

    /// Share of the trips of vendor 1 and of vendor 2.
    var shares: (Double, Double) {
      switch self {
      case .aborted: (0.0040, 0.0038)
      case .negotiated: (0.0017, 0.0020)
      case .noDuration: (0.0019, 0.0001)
      case .sprint: (0.0012, 0.0001)
      case .dayLate: (0, 0.0028)
      case .reversed: (0, 0.00077)
      case .roundTrip: (0.0020, 0.0020)
      case .far: (0.0002, 0.0002)
      case .unknownRate: (0.00003, 0)
      }
    }
  }

  private static let cumulative: [(Fault, first: Double, second: Double)] = {
    var first = 0.0
    var second = 0.0
    return Fault.allCases.map { fault in
      first += fault.shares.0
      second += fault.shares.1
      return (fault, first, second)
    }
  }()

  /// Spoils a small share of the trips.
  func injectFaults(_ trip: inout SimulatedTrip, _ journey: Journey, _ random: inout RowRandom) {
    let u = random.uniform()
    // No fault sums up to 2 %: most rows are done here.
    if u < 0.02 {
      for (fault, first, second) in Self.cumulative where u < (trip.vendor == 1 ? first : second) {
        apply(fault, &trip, journey, &random)
        break
      }
    }
    let v = random.uniform()
    if v < 0.025 { dropCoordinates(&trip, v) }
  }

  private func apply(
    _ fault: Fault, _ trip: inout SimulatedTrip, _ journey: Journey, _ random: inout RowRandom
  ) {
    switch fault {
    case .aborted:
      trip.distance = 0
      trip.to = trip.from
      trip.dropoff = trip.pickup + 1 + min(600, Int(16 * random.exponential()))
      trip.tolls = 0
      if random.chance(0.2) {
        setFlatFare(&trip)
      } else {
        trip.rate = .standard
        trip.tax = Tariff.stateTax
        trip.extra = Tariff.extra(hour: journey.hour, working: journey.working)
        trip.fare = Tariff.fare(units: random.chance(0.8) ? 0 : 1 + random.index(below: 4))
      }
      applyUnusualPayment(&trip, &random)
    case .negotiated:
      negotiate(&trip, metered: trip.fare, &random)
      if random.chance(0.58) {
        trip.distance = 0
        trip.to = trip.from
        trip.tolls = 0
        trip.dropoff = trip.pickup + min(900, Int(25 * random.exponential()))
      }
      if trip.tip > 0 { trip.tip = trip.fare / 100 * 20 }
    case .noDuration:
      trip.dropoff = trip.pickup
      trip.distance = 0
      trip.to = trip.from
      trip.payment = random.chance(0.95) ? .cash : .card
      trip.tip = 0
    case .sprint:
      trip.dropoff = trip.pickup + 2 + random.index(below: 50)
    case .dayLate:
      trip.dropoff = trip.pickup + 86_400 - 60 - min(14_000, Int(650 * random.exponential()))
    case .reversed:
      trip.distance = random.index(below: 80)
      trip.to = trip.from
      trip.dropoff = trip.pickup + 5 + random.index(below: 300)
      trip.rate = .standard
      trip.payment = random.chance(0.56) ? .noCharge : .dispute
      trip.fare = -Tariff.fare(units: min(12, Int(3.5 * random.exponential())))
      trip.extra = -Tariff.extra(hour: journey.hour, working: journey.working)
      trip.tax = -Tariff.stateTax
      trip.improvement = -Tariff.improvementSurcharge
      trip.tip = 0
      trip.tolls = 0
    case .roundTrip:
      trip.to = trip.from
    case .far:
      trip.to.microLongitude -= 700_000 + Int32(random.index(below: 400_000))
    case .unknownRate:
      trip.rate = .unknown
    }
  }

  /// The flat fare of JFK by a wrong press of a button.
  private func setFlatFare(_ trip: inout SimulatedTrip) {
    trip.rate = .jfk
    trip.fare = Tariff.jfkFlatFare
    trip.extra = 0
    trip.tax = Tariff.stateTax
  }

  private func applyUnusualPayment(_ trip: inout SimulatedTrip, _ random: inout RowRandom) {
    let u = random.uniform()
    trip.payment =
      u < 0.46 ? .cash : u < 0.88 || trip.vendor == 2 ? .card : u < 0.98 ? .noCharge : .dispute
    trip.tip = trip.payment == .card && random.chance(0.4) ? trip.amountBeforeTip / 5 : 0
  }

  /// Zero coordinates: mostly at both ends, more often in the cabs of vendor 1.
  ///
  /// `v` is uniform.
  private func dropCoordinates(_ trip: inout SimulatedTrip, _ v: Double) {
    let (both, pickup, dropoff) =
      trip.vendor == 1 ? (0.0175, 0.0207, 0.0222) : (0.0075, 0.0088, 0.0098)
    if v < pickup { trip.from = .zero }
    if v < both || (v >= pickup && v < dropoff) { trip.to = .zero }
  }
}
