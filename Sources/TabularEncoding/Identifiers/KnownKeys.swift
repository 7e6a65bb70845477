// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom

/// A hashed bit set of the learned keys, used to avoid generating one of them. It has four bits per
/// key, of which one is set.
///
/// There are no false negatives, and about one in five other keys is a false positive. The bits
/// therefore do not prove that a key was in the table: a fifth of all possible keys look the same.
struct KnownKeys: Sendable, Codable, Equatable {
  private let salt: UInt64
  private let bits: Data

  private static let bitsPerKey = 4
  private static let maxBits = 1 << 24

  /// O(keys).
  init(_ keys: some Collection<String>, salt: UInt64) {
    self.salt = salt
    let count = min(max(keys.count * Self.bitsPerKey, 64), Self.maxBits)
    var bits = Data(count: (count + 7) / 8)
    for key in keys {
      let index = Self.hash(key, salt) % UInt64(bits.count * 8)
      bits[Int(index / 8)] |= 1 << UInt8(index % 8)
    }
    self.bits = bits
  }

  func mayContain(_ key: String) -> Bool {
    guard !bits.isEmpty else { return false }
    let index = Self.hash(key, salt) % UInt64(bits.count * 8)
    return bits[Int(index / 8)] >> UInt8(index % 8) & 1 == 1
  }

  private static func hash(_ key: String, _ salt: UInt64) -> UInt64 {
    var hash = 0xCBF2_9CE4_8422_2325 ^ salt
    for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return SplitMix64.hash(hash)
  }
}
