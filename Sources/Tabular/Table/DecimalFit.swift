// SPDX-License-Identifier: Apache-2.0

/// How values are held as integers over a power of ten, if they can be.
struct DecimalFit {
  /// Decimals of the values.
  let decimals: Int
  /// The least number of bytes, 1, 2 or 4, that holds every integer and a mark beside.
  let bytes: Int

  private static let maxDecimals = 9
  /// Of each number of decimals the power of ten.
  static let powers: [Double] = (0...maxDecimals).map { digits in
    (0..<digits).reduce(1.0) { power, _ in power * 10 }
  }

  /// Adding and subtracting it rounds a double of less than 2^51 to an integer, which is in the low
  /// bits of the sum.
  private static let rounder = 0x1.8p52
  private typealias Lanes = SIMD8<Double>
  /// Values looked at before a number of decimals is given up.
  private static let blockSize = 512

  /// Nil where the decimals are too many or the integers too large, or a value would not come back
  /// to the bit. O(values).
  init?(_ values: [Double], atLeast least: Int) {
    var decimals = least
    var start = 0
    var (isWord, isInteger) = (false, false)
    let fits = values.withUnsafeBufferPointer { buffer in
      while start < buffer.count {
        let block = UnsafeBufferPointer(
          rebasing: buffer[start..<min(start + Self.blockSize, buffer.count)])
        let found = Self.look(at: block, power: Self.powers[decimals])
        if found.isTooLarge { return false }
        if found.isFit {
          isWord = isWord || found.isWord
          isInteger = isInteger || found.isInteger
          start += block.count
        } else {
          decimals += 1
          if decimals > Self.maxDecimals { return false }
          // The integers of the values before grow, too.
          (start, isWord, isInteger) = (0, false, false)
        }
      }
      return true
    }
    guard fits else { return nil }
    self.decimals = decimals
    bytes = isInteger ? 4 : isWord ? 2 : 1
  }

  private struct Finding {
    /// Whether every value is a multiple.
    var isFit: Bool
    /// Whether some integer does not fit in 8, 16, 32 bits.
    var isWord: Bool
    var isInteger: Bool
    var isTooLarge: Bool
  }

  private static func look(at values: UnsafeBufferPointer<Double>, power: Double) -> Finding {
    let lanes = Lanes.scalarCount
    var misfit = SIMDMask<SIMD8<Int64>>(repeating: false)
    var (word, integer, tooLarge) = (misfit, misfit, misfit)
    @inline(__always) func look(_ value: Lanes) {
      let code = (value * power + rounder) - rounder
      let magnitude = code.replacing(with: -code, where: code .< 0)
      // A missing value differs from itself. An integer has no negative zero.
      let isNegativeZero =
        unsafeBitCast(value, to: SIMD8<UInt64>.self) .== SIMD8(repeating: 1 << 63)
      misfit = misfit .| ((code / power) .!= value .& value .== value)
      tooLarge = tooLarge .| (magnitude .> Double(Int32.max)) .| isNegativeZero
      integer = integer .| (magnitude .> Double(Int16.max))
      word = word .| (magnitude .> Double(Int8.max))
    }
    var i = 0
    let bytes = UnsafeRawPointer(values.baseAddress!)
    while i + lanes <= values.count {
      look(bytes.loadUnaligned(fromByteOffset: 8 * i, as: Lanes.self))
      i += lanes
    }
    if i < values.count {
      var rest = Lanes(repeating: 0)
      for lane in i..<values.count { rest[lane - i] = values[lane] }
      look(rest)
    }
    return Finding(
      isFit: !any(misfit), isWord: any(word), isInteger: any(integer), isTooLarge: any(tooLarge))
  }

  /// The integers; the least one of the type marks a missing value.
  func codes<Code: FixedWidthInteger & SignedInteger>(_ values: [Double]) -> [Code] {
    let power = Self.powers[decimals]
    return [Code](unsafeUninitializedCapacity: values.count) { buffer, count in
      for i in values.indices {
        let value = values[i]
        let code = Code(truncatingIfNeeded: (value * power + Self.rounder).bitPattern)
        buffer[i] = value == value ? code : Code.min
      }
      count = values.count
    }
  }
}
