/// Random numbers by position: the value at an index depends on seed, purpose and index alone, so
/// results are the same for any order of evaluation. For single draws; arrays are filled by the
/// kernels' Philox generator.
package struct CounterRandom {
  /// Keeps the streams of different uses apart.
  package enum Purpose: UInt64 {
    case rowOrder = 1
    case conditionColumn, conditionLevel, conditionRow, samplingColumn, samplingLevel, inverse,
      samplingCandidate, rareLevel, rareRow
  }

  private let key: UInt64

  package init(seed: UInt64, purpose: Purpose) {
    key = Self.mix(Self.mix(seed) &+ purpose.rawValue &* 0x9E37_79B9_7F4A_7C15)
  }

  /// 64 uniform bits at `index`.
  package func bits(_ index: UInt64) -> UInt64 { Self.mix(key ^ Self.mix(index)) }

  /// Uniform in 0..<1 at `index`.
  package func uniform(_ index: UInt64) -> Double { Double(bits(index) >> 11) * 0x1p-53 }

  /// Uniform in 0..<bound at `index`.
  package func integer(below bound: Int, _ index: UInt64) -> Int {
    Int(bits(index).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014), a bijection of 64 bits.
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
