// SPDX-License-Identifier: Apache-2.0

/// Splits bytes into records and fields by RFC 4180: quoted fields, doubled quotes, newlines inside
/// quotes; LF, CRLF and lone CR end a record. It also supports other delimiters, spaces after them
/// and backslash escapes.
struct RecordParser: Sendable {
  let delimiter: UInt8
  /// The maximum number of spaces to drop after a delimiter.
  let skippedSpaces: Int
  let hasBackslashEscapes: Bool

  init(_ dialect: CSVDialect) {
    delimiter = dialect.delimiter
    skippedSpaces =
      switch dialect.spaces {
      case .kept: 0
      case .delimiting: 1
      case .dropped: Int.max
      }
    hasBackslashEscapes = dialect.hasBackslashEscapes
  }

  /// Why a piece could not be split.
  enum Problem: Error {
    /// A quoted field is never closed; its record begins in this line.
    case unclosedQuote(line: Int)
    /// A closing quote is followed by text other than a delimiter or a line end.
    case textBehindQuote(line: Int)

    var line: Int {
      switch self {
      case .unclosedQuote(let line), .textBehindQuote(let line): line
      }
    }
  }

  private static let quote: UInt8 = 0x22
  private static let lineFeed: UInt8 = 0x0a
  private static let carriageReturn: UInt8 = 0x0d
  private static let blank: UInt8 = 0x20
  private static let backslash: UInt8 = 0x5c

  /// Calls `onRecord` with the line (0-based in `bytes`) and the fields of each record. Empty lines
  /// are skipped. The fields are valid during the call only.
  func parse(
    _ bytes: UnsafeBufferPointer<UInt8>,
    onRecord: (_ line: Int, _ fields: [UnsafeBufferPointer<UInt8>]) -> Void
  ) throws(Problem) {
    var fields: [UnsafeBufferPointer<UInt8>] = []
    // Fields with doubled quotes or escapes are rewritten here. The capacity is never exceeded, so
    // that addresses stay valid.
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
        if skippedSpaces > 0 && !fields.isEmpty {
          let limit = skippedSpaces < end - at ? at + skippedSpaces : end
          while at < limit && bytes[at] == Self.blank { at += 1 }
        }
        if at < end && bytes[at] == Self.quote {
          isQuoted = true
          let start = at + 1
          var i = start
          var isRewritten = false
          while true {
            while i < end, case let byte = bytes[i], byte != Self.quote {
              if byte == Self.backslash && hasBackslashEscapes && i + 1 < end {
                isRewritten = true
                i += 1
              }
              if LineEnds.endsLine(bytes, i) { line += 1 }
              i += 1
            }
            if i >= end { throw .unclosedQuote(line: recordLine) }
            if i + 1 < end && bytes[i + 1] == Self.quote {
              isRewritten = true
              i += 2
              continue
            }
            break
          }
          let field = UnsafeBufferPointer(rebasing: bytes[start..<i])
          fields.append(
            isRewritten ? rewrite(field, into: rewritten, at: &used, isQuoted: true) : field)
          at = i + 1
          if at < end && bytes[at] != delimiter && bytes[at] != Self.lineFeed
            && bytes[at] != Self.carriageReturn
          {
            throw .textBehindQuote(line: recordLine)
          }
        } else {
          let start = at
          var isRewritten = false
          while at < end, case let byte = bytes[at], byte != delimiter, byte != Self.lineFeed,
            byte != Self.carriageReturn
          {
            if byte == Self.backslash && hasBackslashEscapes && at + 1 < end {
              isRewritten = true
              at += 1
              if LineEnds.endsLine(bytes, at) { line += 1 }
            }
            at += 1
          }
          let field = UnsafeBufferPointer(rebasing: bytes[start..<at])
          fields.append(
            isRewritten ? rewrite(field, into: rewritten, at: &used, isQuoted: false) : field)
        }
        if at >= end { break record }
        let byte = bytes[at]
        at += 1
        if byte == delimiter { continue }
        if byte == Self.carriageReturn && at < end && bytes[at] == Self.lineFeed { at += 1 }
        line += 1
        break record
      }
      // An empty line is not a record; a single quoted empty field is one.
      if fields.count == 1 && fields[0].isEmpty && !isQuoted { continue }
      onRecord(recordLine, fields)
    }
  }

  /// The field with its doubled quotes and escapes resolved, appended to `space`.
  private func rewrite(
    _ field: UnsafeBufferPointer<UInt8>, into space: UnsafeMutableBufferPointer<UInt8>,
    at used: inout Int, isQuoted: Bool
  ) -> UnsafeBufferPointer<UInt8> {
    // MySQL's marker of a missing value, which the reader recognizes by its text.
    if !isQuoted && field.elementsEqual([Self.backslash, 0x4e]) { return field }
    let first = used
    var i = 0
    while i < field.count {
      var byte = field[i]
      if byte == Self.backslash && hasBackslashEscapes && i + 1 < field.count {
        i += 1
        byte = Self.escaped(field[i])
      } else if byte == Self.quote && isQuoted {
        i += 1
      }
      space[used] = byte
      used += 1
      i += 1
    }
    return UnsafeBufferPointer(rebasing: space[first..<used])
  }

  /// The byte for an escaped letter, as in MySQL's LOAD DATA; any other byte stands for itself.
  private static func escaped(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "n"): lineFeed
    case UInt8(ascii: "r"): carriageReturn
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "Z"): 0x1a
    case UInt8(ascii: "0"): 0
    default: letter
    }
  }
}
