// SPDX-License-Identifier: Apache-2.0

/// One trip in the units it is written in, so that a table and a CSV row agree exactly.
struct SimulatedTrip: Equatable {
  var vendor = 2
  /// Seconds since 1970.
  var pickup = 0
  var dropoff = 0
  var passengers = 1
  /// Hundredths of a mile.
  var distance = 0
  var from = GridPoint.zero
  var to = GridPoint.zero
  var rate = Tariff.Rate.standard
  /// Whether the record was held in the vehicle before it was sent.
  var storedAndForwarded = false
  var payment = Payment.card
  // Cents.
  var fare = 0
  var extra = 0
  var tax = 0
  var tip = 0
  var tolls = 0
  var improvement = 0
  var total = 0

  enum Payment: Int {
    case card = 1
    case cash = 2
    case noCharge = 3
    case dispute = 4
  }

  /// What a card's tip is reckoned from.
  var amountBeforeTip: Int { fare + extra + tax + tolls + improvement }
}
