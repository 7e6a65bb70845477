// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Random numbers for mutations: the numbers of an input depend only on its target, the
/// run's seed and its index, so that any input can be reproduced.
struct FuzzRandom: RandomNumberGenerator {
  private var random: SplitMix64

  init(target: String, seed: UInt64, index: Int) {
    var state = seed
    for byte in target.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    state &+= UInt64(index) &* 0xD1B5_4A32_D192_ED03
    random = SplitMix64(state: state)
    _ = next()
  }

  mutating func next() -> UInt64 { random.next() }

  /// Uniform in 0..<bound.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }

  /// True with probability 1/n.
  mutating func once(in times: Int) -> Bool { below(times) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
