// SPDX-License-Identifier: Apache-2.0

/// Mutates the bytes of an input: flips, truncates, repeats, inserts tokens.
struct ByteMutator {
  let tokens: [[UInt8]]

  init(_ tokens: [String]) { self.tokens = tokens.map { Array($0.utf8) } }

  /// Applies a few changes to `seed`, mostly one or two.
  func mutated(_ seed: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
    var bytes = seed
    for _ in 0...random.below(random.once(in: 4) ? 12 : 3) { change(&bytes, &random) }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
    guard !bytes.isEmpty else {
      bytes = random.pick(tokens)
      return
    }
    let index = random.below(bytes.count)
    let end = min(bytes.count, index + 1 + random.below(40))
    switch random.below(10) {
    case 0: bytes[index] ^= 1 << UInt8(random.below(8))
    case 1: bytes[index] = UInt8(truncatingIfNeeded: random.next())
    case 2: bytes[index] = random.pick([0, 0xFF, 0x0A, 0x0D, 0x22, 0x2C, 0x80, 0xC3, 0xEF])
    case 3: bytes.removeSubrange(index..<end)
    case 4: bytes.insert(contentsOf: Array(bytes[index..<end]), at: random.below(bytes.count))
    case 5: bytes.insert(contentsOf: random.pick(tokens), at: index)
    case 6: bytes.replaceSubrange(index..<end, with: random.pick(tokens))
    case 7: bytes.removeSubrange(index...)
    case 8:
      bytes.insert(
        contentsOf: [UInt8](repeating: bytes[index], count: 1 + random.below(300)), at: index)
    default: bytes.swapAt(index, random.below(bytes.count))
    }
  }
}
