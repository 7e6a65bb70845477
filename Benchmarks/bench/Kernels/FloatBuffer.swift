// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Floats on their own 64-byte aligned memory, filled reproducibly.
final class FloatBuffer {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    let bytes = max(64, count * MemoryLayout<Float>.stride)
    pointer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Float.self, capacity: max(1, count))
    pointer.initialize(repeating: 0, count: count)
  }

  /// Values spread evenly over `range`, the same for the same seed on every machine.
  convenience init(count: Int, seed: UInt64, in range: ClosedRange<Float> = -1...1) {
    self.init(count: count)
    fill(seed: seed, in: range)
  }

  deinit { pointer.deallocate() }

  var bytes: Double { Double(count * MemoryLayout<Float>.stride) }

  func fill(seed: UInt64, in range: ClosedRange<Float> = -1...1) {
    let width = range.upperBound - range.lowerBound
    var random = SplitMix64(state: seed)
    for i in 0..<count {
      pointer[i] = range.lowerBound + width * (Float(random.next() >> 40) * 0x1p-24)
    }
  }

  func fill(_ value: Float) { pointer.update(repeating: value, count: count) }

  func copy(from other: FloatBuffer) {
    precondition(count == other.count, "buffers of different sizes")
    pointer.update(from: other.pointer, count: count)
  }
}
