// SPDX-License-Identifier: Apache-2.0

import NumericCore
import SeededRandom

/// The random streams of this module.
///
/// Every layer draws from a key of its own, made of the seed
/// and the layer's name, so layers never share numbers and adding one does not change the others.
enum LayerPurpose: UInt32 {
  case initialization = 0x4E4E_0001
  case dropout = 0x4E4E_0002

  /// The stream for a purpose of the layer of that name.
  func stream(seed: UInt64, name: String, step: UInt64) -> RandomStream {
    RandomStream(seed: Self.key(seed: seed, name: name), purpose: rawValue, step: step)
  }

  /// Mixes a seed with a name: FNV-1a over the name, then SplitMix64's finalizer.
  static func key(seed: UInt64, name: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    return SplitMix64.finalized(hash ^ (seed &+ SplitMix64.increment))
  }
}
