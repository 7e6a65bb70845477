// SPDX-License-Identifier: Apache-2.0

/// Writes trips as CSV lines with integer arithmetic only.
struct TripFormatter {
  /// More bytes than the longest line can have.
  private static let longestLine = 320
  private static let capacity = 65_536

  /// Lines being written: a cursor in a buffer of fixed size.
  struct Lines {
    private let base: UnsafeMutablePointer<UInt8>
    private var cursor: UnsafeMutablePointer<UInt8>
    private let pairs: UnsafePointer<UInt8>
    private let dates: UnsafePointer<UInt8>

    fileprivate init(
      base: UnsafeMutablePointer<UInt8>, pairs: UnsafePointer<UInt8>, dates: UnsafePointer<UInt8>
    ) {
      self.base = base
      cursor = base
      self.pairs = pairs
      self.dates = dates
    }

    /// Whether the next line might not fit.
    var isNearlyFull: Bool { cursor - base > TripFormatter.capacity - TripFormatter.longestLine }

    /// Moves the lines written so far to the end of `bytes`.
    mutating func flush(into bytes: inout [UInt8]) {
      bytes.append(contentsOf: UnsafeBufferPointer(start: base, count: cursor - base))
      cursor = base
    }

    mutating func write(_ t: SimulatedTrip) {
      digit(t.vendor)
      comma()
      time(t.pickup)
      comma()
      time(t.dropoff)
      comma()
      digit(t.passengers)
      comma()
      whole(t.distance / 100)
      put(UInt8(ascii: "."))
      pair(t.distance % 100)
      comma()
      degrees(t.from.microLongitude)
      comma()
      degrees(t.from.microLatitude)
      comma()
      whole(t.rate.rawValue)
      comma()
      put(UInt8(ascii: t.storedAndForwarded ? "Y" : "N"))
      comma()
      degrees(t.to.microLongitude)
      comma()
      degrees(t.to.microLatitude)
      comma()
      digit(t.payment.rawValue)
      comma()
      cents(t.fare)
      comma()
      cents(t.extra)
      comma()
      cents(t.tax)
      comma()
      cents(t.tip)
      comma()
      cents(t.tolls)
      comma()
      cents(t.improvement)
      comma()
      cents(t.total)
      put(UInt8(ascii: "\n"))
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
      cursor.pointee = byte
      cursor += 1
    }

    @inline(__always)
    private mutating func comma() { put(UInt8(ascii: ",")) }

    @inline(__always)
    private mutating func digit(_ value: Int) { put(UInt8(truncatingIfNeeded: 48 + value)) }

    /// Two digits.
    @inline(__always)
    private mutating func pair(_ value: Int) {
      cursor[0] = pairs[2 * value]
      cursor[1] = pairs[2 * value + 1]
      cursor += 2
    }

    /// A whole number from 0 to 9,999,999.
    private mutating func whole(_ value: Int) {
      if value < 10 { return digit(value) }
      if value < 100 { return pair(value) }
      whole(value / 100)
      pair(value % 100)
    }

    /// An amount of cents as the shortest decimal.
    private mutating func cents(_ value: Int) {
      if value < 0 { put(UInt8(ascii: "-")) }
      let magnitude = abs(value)
      whole(magnitude / 100)
      let rest = magnitude % 100
      guard rest > 0 else { return }
      put(UInt8(ascii: "."))
      if rest % 10 == 0 { digit(rest / 10) } else { pair(rest) }
    }

    /// Millionths of a degree as the shortest decimal.
    private mutating func degrees(_ value: Int32) {
      if value < 0 { put(UInt8(ascii: "-")) }
      let magnitude = Int(abs(value))
      whole(magnitude / 1_000_000)
      let rest = magnitude % 1_000_000
      guard rest > 0 else { return }
      put(UInt8(ascii: "."))
      pair(rest / 10_000)
      pair(rest / 100 % 100)
      pair(rest % 100)
      while cursor[-1] == UInt8(ascii: "0") { cursor -= 1 }
    }

    private mutating func time(_ seconds: Int) {
      let since = seconds - DemandProfile.start
      let ofDay = since % 86_400
      cursor.update(from: dates + 11 * (since / 86_400), count: 11)
      cursor += 11
      pair(ofDay / 3600)
      put(UInt8(ascii: ":"))
      pair(ofDay / 60 % 60)
      put(UInt8(ascii: ":"))
      pair(ofDay % 60)
    }
  }

  private var buffer = [UInt8](repeating: 0, count: capacity)

  /// Calls `body` with an empty buffer of lines.
  mutating func withBuffer<R>(_ body: (inout Lines) throws -> R) rethrows -> R {
    try buffer.withUnsafeMutableBufferPointer { buffer in
      try Self.pairs.withUnsafeBufferPointer { pairs in
        try Self.dates.withUnsafeBufferPointer { dates in
          var lines = Lines(
            base: buffer.baseAddress!, pairs: pairs.baseAddress!, dates: dates.baseAddress!)
          return try body(&lines)
        }
      }
    }
  }

  /// "00" to "99".
  private static let pairs: [UInt8] = (0..<200).map { position -> UInt8 in
    let number: Int = position / 2
    return UInt8(48 + (position % 2 == 0 ? number / 10 : number % 10))
  }

  /// "2016-01-01 " and the days after it, as many as a dropoff can reach.
  private static let dates: [UInt8] = {
    var bytes: [UInt8] = []
    // A trip that begins in the last hour may end a day later.
    let lengths = DemandProfile.monthLengths + [2]
    for (month, length) in lengths.enumerated() {
      for day in 1...length {
        bytes += Array("2016-".utf8)
        bytes += pairs[2 * (month + 1)..<2 * (month + 2)]
        bytes.append(UInt8(ascii: "-"))
        bytes += pairs[2 * day..<2 * (day + 1)]
        bytes.append(UInt8(ascii: " "))
      }
    }
    return bytes
  }()
}
