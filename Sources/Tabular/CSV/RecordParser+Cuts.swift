// SPDX-License-Identifier: Apache-2.0

extension RecordParser {
  /// The offsets at which to cut `bytes` into at most `count` pieces of complete records. The last
  /// offset is the end of the last complete record.
  ///
  /// - Parameter isLast: whether nothing follows, so that the last record may lack a line end.
  func cuts(_ bytes: UnsafeBufferPointer<UInt8>, count: Int, isLast: Bool) -> [Int] {
    var cuts =
      bytes.contains(UInt8(ascii: "\"")) || hasBackslashEscapes
      ? cutsBesideQuotes(bytes, count: count) : cutsAtLines(bytes, count: count)
    if isLast {
      if cuts.count > 1 { cuts.removeLast() }
      cuts.append(bytes.count)
    }
    return cuts
  }

  /// Whether a line has certainly ended before `i`: a carriage return at the end of the bytes may
  /// be the first half of a CRLF.
  private static func isBoundary(_ bytes: UnsafeBufferPointer<UInt8>, _ i: Int) -> Bool {
    bytes[i - 1] == 0x0A || bytes[i - 1] == 0x0D && i < bytes.count && bytes[i] != 0x0A
  }

  private func cutsBesideQuotes(_ bytes: UnsafeBufferPointer<UInt8>, count: Int) -> [Int] {
    var cuts = [0]
    let end = bytes.count
    var inside = false
    // Whether a quote would open a field: after a delimiter or a line end and the spaces that
    // belong to it. In the middle of a field it is an ordinary byte.
    var isAtStart = true
    // A quote directly after a closing quote makes a doubled quote.
    var hasJustClosed = false
    var target = end / count
    var lastBoundary = 0
    var i = 0
    while i < end {
      let byte = bytes[i]
      i += 1
      let isAfterClosing = hasJustClosed
      hasJustClosed = false
      if byte == UInt8(ascii: "\"") {
        if inside {
          inside = false
          hasJustClosed = true
        } else {
          inside = isAfterClosing || isAtStart
        }
        isAtStart = false
      } else if byte == UInt8(ascii: "\\") && hasBackslashEscapes {
        i += 1
        isAtStart = false
      } else if inside {
        continue
      } else if byte == 0x0A || byte == 0x0D {
        isAtStart = true
        guard Self.isBoundary(bytes, i) else { continue }
        lastBoundary = i
        if i >= target && cuts.count < count {
          cuts.append(i)
          target = end / count * cuts.count
        }
      } else {
        isAtStart = byte == delimiter || isAtStart && skippedSpaces > 0 && byte == 0x20
      }
    }
    if cuts.last != lastBoundary { cuts.append(lastBoundary) }
    return cuts
  }

  private func cutsAtLines(_ bytes: UnsafeBufferPointer<UInt8>, count: Int) -> [Int] {
    var cuts = [0]
    let end = bytes.count
    for piece in 1..<max(count, 1) {
      var i = max(end / count * piece, cuts.last!) + 1
      while i <= end && !Self.isBoundary(bytes, i) { i += 1 }
      if i > end { break }
      if i > cuts.last! { cuts.append(i) }
    }
    var i = end
    while i > cuts.last! && !Self.isBoundary(bytes, i) { i -= 1 }
    if i > cuts.last! { cuts.append(i) }
    return cuts
  }
}
