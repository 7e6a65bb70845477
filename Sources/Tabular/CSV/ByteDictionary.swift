// SPDX-License-Identifier: Apache-2.0

/// Numbers byte strings in order of first appearance, with open addressing and FNV-1a.
package struct ByteDictionary {
  package private(set) var categories: [[UInt8]] = []
  /// Shared until the first category is added: a wide table has many empty dictionaries.
  private var slots = ByteDictionary.free
  private static let free = [Int32](repeating: -1, count: 64)
  /// The most recent category: columns often repeat a value.
  private var last: Int32 = -1

  package init() {}

  package mutating func code(of bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    if last >= 0 && categories[Int(last)].elementsEqual(bytes) { return last }
    var slot = Int(truncatingIfNeeded: Self.hash(bytes)) & (slots.count - 1)
    while slots[slot] >= 0 {
      if categories[Int(slots[slot])].elementsEqual(bytes) {
        last = slots[slot]
        return last
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let code = Int32(categories.count)
    categories.append(Array(bytes))
    slots[slot] = code
    last = code
    if categories.count * 2 > slots.count { grow() }
    return code
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 4)
    for (code, category) in categories.enumerated() {
      var slot =
        Int(truncatingIfNeeded: category.withUnsafeBufferPointer(Self.hash)) & (slots.count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(code)
    }
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash ^ (hash >> 32)
  }
}
