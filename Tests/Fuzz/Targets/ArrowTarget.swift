// SPDX-License-Identifier: Apache-2.0

import TableEngine
import TableTestSupport
import Tabular

/// Arrow streams with contradictions of all kinds: lengths, offsets, counts, formats, indices.
///
/// The buffers are as long as the lengths claim up to a limit: nothing in Arrow's C interface says
/// how long they are, so a reader must believe the lengths.
struct ArrowTarget: FuzzTarget {
  static let name = "arrow"
  static let abstract = "Arrow arrays of an engine"

  init(_ bench: FuzzBench) {}

  private static let formats = [
    "c", "C", "s", "S", "i", "I", "l", "L", "f", "g", "b", "n", "u", "U", "vu", "tdD", "tdm", "ttu",
    "tsu:", "tsn:UTC", "d:9,2", "d:38,0,128", "d:5,1,32", "z", "+l", "+s", "x", "", "d:1", "ts",
  ]

  func input(_ random: inout FuzzRandom) -> [UInt8] {
    (0..<random.pick([16, 40, 120, 400])).map { _ in
      // Small numbers are plausible lengths and offsets.
      random.once(in: 3) ? UInt8(random.below(256)) : UInt8(random.below(9))
    }
  }

  func run(_ input: [UInt8]) throws {
    var bytes = Bytes(input)
    let fields = (0..<1 + bytes.next() % 3).map { i in
      HandMadeField(
        "c\(i)", bytes.pick(Self.formats),
        dictionary: bytes.next() % 5 == 0 ? bytes.pick(["u", "U", "i", "vu"]) : nil)
    }
    let batches = (0..<bytes.next() % 4).map { _ in
      let length = bytes.length(of: 7)
      let columns = bytes.next() % 16 == 0 ? fields.count + 1 : fields.count
      return HandMadeBatch(
        length: length, offset: bytes.next() % 8 == 0 ? bytes.length(of: 3) : 0,
        columns: (0..<columns).map { _ in bytes.array(length: length, depth: 0) })
    }
    let stream = HandMadeStream(fields, batches)
    let result = Result {
      try stream.withStream { try ArrowTables.read($0, skipsUnsupported: bytes.next() % 2 == 0) }
    }
    precondition(
      stream.released == stream.handedOut, "released \(stream.released) of \(stream.handedOut)")
    _ = try result.get()
  }

  /// The bytes of an input, one after the other; 0 at the end.
  private struct Bytes {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func next() -> Int { Int(rest.popFirst() ?? 0) }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
      elements[next() % elements.count]
    }

    /// Mostly a small number, sometimes an extreme one.
    mutating func length(of usual: Int) -> Int64 {
      switch next() % 24 {
      case 0: -1
      case 1: .max
      case 2: .min
      case 3: 1 << 40
      default: Int64(usual)
      }
    }

    /// An array whose buffers hold as many entries as a reader may look at.
    mutating func array(length: Int64, depth: Int) -> HandMadeArray {
      let own = next() % 4 == 0 ? self.length(of: next() % 12) : max(length, 0) &+ 3
      let offset = next() % 3 == 0 ? self.length(of: next() % 4) : 0
      // Room for 32 entries of 16 bytes behind any offset that is not absurd.
      let room = 16 * 64
      let isLong = own > 32 || offset > 8
      var buffers: [[UInt8]?] = []
      for _ in 0..<next() % 5 {
        buffers.append(
          next() % 6 == 0 || isLong
            ? nil
            : (0..<room).map { i in i % 4 == 0 ? UInt8(next() % 32) : next() % 64 == 0 ? 255 : 0 })
      }
      var array = HandMadeArray(
        length: own, offset: offset, nullCount: next() % 3 == 0 ? self.length(of: next() % 4) : -1,
        buffers: buffers,
        dictionary: depth == 0 && next() % 3 == 0
          ? self.array(length: Int64(next() % 9), depth: 1) : nil)
      if next() % 16 == 0 { array.claimedBuffers = Int64(min(buffers.count, next() % 6)) }
      return array
    }
  }
}
