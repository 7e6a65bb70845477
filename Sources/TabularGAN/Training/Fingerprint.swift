// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// A hash that distinguishes two values: not cryptographic.
struct Fingerprint {
  private var hash: UInt64 = 0

  mutating func add(_ value: UInt64) { hash = SplitMix64.hash(hash ^ value) }

  mutating func add(_ text: String) {
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  var text: String { String(hash, radix: 16) }
}
