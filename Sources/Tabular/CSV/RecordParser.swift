/// Splits bytes into records and fields by RFC 4180: quoted fields, doubled quotes, newlines inside
/// quotes; LF, CRLF and lone CR end a record.
struct RecordParser {
  let delimiter: UInt8

  /// Why a piece could not be split.
  enum Problem: Error {
    case quote(line: Int)
  }

  private static let quote: UInt8 = 0x22
  private static let lineFeed: UInt8 = 0x0a
  private static let carriageReturn: UInt8 = 0x0d

  /// Calls `onRecord` with the line (0-based in `bytes`) and the fields of each record. Empty lines
  /// are passed over. The fields are valid during the call only.
  func parse(
    _ bytes: UnsafeBufferPointer<UInt8>,
    onRecord: (_ line: Int, _ fields: [UnsafeBufferPointer<UInt8>]) -> Void
  ) throws(Problem) {
    var fields: [UnsafeBufferPointer<UInt8>] = []
    // Quoted fields with doubled quotes are rewritten here; capacity is never exceeded, so that
    // addresses stay.
    let rewritten = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count + 1)
    defer { rewritten.deallocate() }
    var used = 0
    var at = 0
    var line = 0
    let end = bytes.count
    while at < end {
      let recordLine = line
      fields.removeAll(keepingCapacity: true)
      used = 0
      var isQuoted = false
      record: while true {
        if at < end && bytes[at] == Self.quote {
          isQuoted = true
          let start = at + 1
          var i = start
          var doubled = false
          while true {
            while i < end && bytes[i] != Self.quote {
              if Self.endsLine(bytes, i) { line += 1 }
              i += 1
            }
            if i >= end { throw .quote(line: recordLine) }
            if i + 1 < end && bytes[i + 1] == Self.quote {
              doubled = true
              i += 2
              continue
            }
            break
          }
          if doubled {
            let first = used
            var j = start
            while j < i {
              rewritten[used] = bytes[j]
              used += 1
              j += bytes[j] == Self.quote ? 2 : 1
            }
            fields.append(UnsafeBufferPointer(rebasing: rewritten[first..<used]))
          } else {
            fields.append(UnsafeBufferPointer(rebasing: bytes[start..<i]))
          }
          at = i + 1
          if at < end && bytes[at] != delimiter && bytes[at] != Self.lineFeed
            && bytes[at] != Self.carriageReturn
          {
            throw .quote(line: recordLine)
          }
        } else {
          let start = at
          while at < end, case let byte = bytes[at], byte != delimiter, byte != Self.lineFeed,
            byte != Self.carriageReturn
          {
            at += 1
          }
          fields.append(UnsafeBufferPointer(rebasing: bytes[start..<at]))
        }
        if at >= end { break record }
        let byte = bytes[at]
        at += 1
        if byte == delimiter { continue }
        if byte == Self.carriageReturn && at < end && bytes[at] == Self.lineFeed { at += 1 }
        line += 1
        break record
      }
      // An empty line is no record, a lone quoted empty field is one.
      if fields.count == 1 && fields[0].isEmpty && !isQuoted { continue }
      onRecord(recordLine, fields)
    }
  }

  /// Whether a line ends with the byte at `i`: a line feed, or a carriage return without one.
  static func endsLine(_ bytes: UnsafeBufferPointer<UInt8>, _ i: Int) -> Bool {
    bytes[i] == lineFeed
      || bytes[i] == carriageReturn && (i + 1 >= bytes.count || bytes[i + 1] != lineFeed)
  }

  /// The lines that end in `bytes`.
  static func lineCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    for i in bytes.indices where endsLine(bytes, i) { count += 1 }
    return count
  }

  /// Where to cut `bytes` into at most `count` pieces of whole records, and what is left over
  /// behind the last whole record: offsets, the last being the end of the last piece.
  func cuts(_ bytes: UnsafeBufferPointer<UInt8>, count: Int, isLast: Bool) -> [Int] {
    var cuts = [0]
    let end = bytes.count
    let hasQuotes = bytes.contains(Self.quote)
    if hasQuotes {
      var inside = false
      var previous = Self.lineFeed
      // A quote that closes a field and one right behind it are a doubled quote.
      var hasJustClosed = false
      var target = end / count
      var lastBoundary = 0
      for i in 0..<end {
        let byte = bytes[i]
        let isAfterClosing = hasJustClosed
        hasJustClosed = false
        if byte == Self.quote {
          if inside {
            inside = false
            hasJustClosed = true
          } else {
            // A quote in the middle of a field is a byte like any other.
            inside =
              isAfterClosing || previous == delimiter || previous == Self.lineFeed
              || previous == Self.carriageReturn
          }
        } else if byte == Self.lineFeed && !inside {
          lastBoundary = i + 1
          if lastBoundary >= target && cuts.count < count {
            cuts.append(lastBoundary)
            target = end / count * cuts.count
          }
        }
        previous = byte
      }
      if cuts.last != lastBoundary { cuts.append(lastBoundary) }
    } else {
      for piece in 1...count {
        var i = max(end / count * piece, cuts.last!)
        if piece == count {
          i = end
          while i > cuts.last! && bytes[i - 1] != Self.lineFeed { i -= 1 }
        } else {
          while i < end && bytes[i] != Self.lineFeed { i += 1 }
          i = min(i + 1, end)
          if i == end && bytes[end - 1] != Self.lineFeed { continue }
        }
        if i > cuts.last! { cuts.append(i) }
      }
    }
    if isLast {
      if cuts.count > 1 { cuts.removeLast() }
      cuts.append(end)
    }
    return cuts
  }
}
