// SPDX-License-Identifier: Apache-2.0

/// The ends of lines: a line feed, a carriage return and a line feed, or a carriage return alone.
enum LineEnds {
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Whether a line ends with the byte at `i`: a line feed, or a carriage return not followed by
  /// one.
  @inline(__always)
  static func endsLine(_ bytes: UnsafeBufferPointer<UInt8>, _ i: Int) -> Bool {
    bytes[i] == lineFeed
      || bytes[i] == carriageReturn && (i + 1 >= bytes.count || bytes[i + 1] != lineFeed)
  }

  /// The number of lines that end in `bytes`. O(bytes).
  static func count(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for i in bytes.indices where endsLine(bytes, i) { count += 1 }
    return count
  }
}
