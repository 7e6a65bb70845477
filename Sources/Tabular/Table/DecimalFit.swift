// SPDX-License-Identifier: Apache-2.0

/// How values are held as integers over a power of ten, if they can be.
struct DecimalFit {
  /// Decimals of the values.
  let decimals: Int
  /// The least number of bytes, 1, 2 or 4, that holds every integer and a mark beside.
  let bytes: Int
  /// The integers; the least `Int32` marks a missing value.
  let codes: [Int32]

  private static let maxDecimals = 9
  /// Of each number of decimals the power of ten.
  static let powers: [Double] = (0...maxDecimals).map { digits in
    (0..<digits).reduce(1.0) { power, _ in power * 10 }
  }

  /// Adding and subtracting it rounds a double of less than 2^51 to an integer, which is in the low
  /// bits of the sum.
  private static let rounder = 0x1.8p52
  /// Values looked at before a number of decimals is given up.
  private static let blockSize = 512

  /// Nil where the decimals are too many or the integers too large, or a value would not come back
  /// to the bit. O(values).
  init?(_ values: [Double], atLeast least: Int) {
    var decimals = least
    var start = 0
    var magnitudes: UInt32 = 0
    var fits = true
    let codes = [Int32](unsafeUninitializedCapacity: values.count) { codes, count in
      values.withUnsafeBufferPointer { buffer in
        while fits && start < buffer.count {
          let rows = start..<min(start + Self.blockSize, buffer.count)
          let found = Self.write(
            UnsafeBufferPointer(rebasing: buffer[rows]), power: Self.powers[decimals],
            to: codes.baseAddress! + start)
          if found.misfits == 0 {
            magnitudes |= found.magnitudes
            start = rows.upperBound
            fits = found.unheld == 0
          } else {
            decimals += 1
            // The integers of the values before grow, too.
            (start, magnitudes) = (0, 0)
            fits = decimals <= Self.maxDecimals
          }
        }
      }
      count = fits ? values.count : 0
    }
    guard fits else { return nil }
    self.decimals = decimals
    self.codes = codes
    bytes = magnitudes > UInt32(Int16.max) ? 4 : magnitudes > UInt32(Int8.max) ? 2 : 1
  }

  private struct Finding {
    /// Values that are no multiples.
    var misfits: Int
    /// Values that no integer holds although they are multiples: large ones, negative zeros.
    var unheld: Int
    /// The bits of all magnitudes.
    var magnitudes: UInt32
  }

  /// Writes the integers of values. The loop has no branches, so that it is vectorized.
  private static func write(
    _ values: UnsafeBufferPointer<Double>, power: Double, to codes: UnsafeMutablePointer<Int32>
  ) -> Finding {
    var (misfits, unheld) = (0, 0)
    var magnitudes: UInt32 = 0
    let limit = Double(Int32.max)
    for i in 0..<values.count {
      let value = values[i]
      let sum = value * power + rounder
      let code = sum - rounder
      let isMissing = value != value
      misfits &+= (code / power != value ? 1 : 0) &- (isMissing ? 1 : 0)
      let isNegative = Int(truncatingIfNeeded: value.bitPattern >> 63)
      unheld &+= (abs(code) > limit ? 1 : 0) &+ ((code == 0 ? 1 : 0) & isNegative)
      let integer = Int32(truncatingIfNeeded: sum.bitPattern)
      let magnitude = UInt32(bitPattern: integer < 0 ? 0 &- integer : integer)
      magnitudes |= isMissing ? 0 : magnitude
      codes[i] = isMissing ? Int32.min : integer
    }
    return Finding(misfits: misfits, unheld: unheld, magnitudes: magnitudes)
  }

  /// The integers; the least one of the type marks a missing value.
  func codes<Code: FixedWidthInteger & SignedInteger>(as type: Code.Type) -> [Code] {
    [Code](unsafeUninitializedCapacity: codes.count) { buffer, count in
      for i in codes.indices {
        let code = codes[i]
        buffer[i] = code == Int32.min ? Code.min : Code(truncatingIfNeeded: code)
      }
      count = codes.count
    }
  }
}
