// SPDX-License-Identifier: Apache-2.0

/// Writes text as fields of a dialect.
struct FieldWriter: Sendable {
  let dialect: CSVDialect
  /// The bytes between two fields.
  let separator: [UInt8]

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  init(_ dialect: CSVDialect) {
    self.dialect = dialect
    separator = [dialect.delimiter] + (dialect.spaces == .delimiting ? [0x20] : [])
  }

  /// Appends a field, quoted if requested or if a reader would misread it otherwise.
  func append(_ text: some Sequence<UInt8>, quoted: Bool, to output: inout [UInt8]) {
    let start = output.count
    output.append(contentsOf: text)
    quote(from: start, quoted: quoted, in: &output)
  }

  /// Quotes the field that begins at `start` in `output` if necessary.
  @inline(__always)
  func quote(from start: Int, quoted: Bool = false, in output: inout [UInt8]) {
    var isSpecial = quoted
    for i in start..<output.count {
      let byte = output[i]
      // One comparison for nearly all bytes.
      if byte <= 0x22 || byte == dialect.delimiter || byte == Self.backslash {
        isSpecial = isSpecial || needsCare(byte, isFirst: i == start)
      }
    }
    if isSpecial { rewrite(from: start, quoted: quoted, in: &output) }
  }

  private func needsCare(_ byte: UInt8, isFirst: Bool) -> Bool {
    switch byte {
    case dialect.delimiter, Self.quote, 0x0A, 0x0D: true
    case Self.backslash: dialect.hasBackslashEscapes
    case 0x20: isFirst && dialect.spaces != .kept
    default: false
    }
  }

  private func rewrite(from start: Int, quoted: Bool, in output: inout [UInt8]) {
    let field = Array(output[start...])
    // MySQL's marker of a missing value.
    if dialect.hasBackslashEscapes && !quoted && field == [Self.backslash, UInt8(ascii: "N")] {
      return
    }
    output.removeLast(field.count)
    output.append(Self.quote)
    for byte in field {
      if dialect.hasBackslashEscapes {
        if byte == Self.quote || byte == Self.backslash { output.append(Self.backslash) }
      } else if byte == Self.quote {
        output.append(Self.quote)
      }
      output.append(byte)
    }
    output.append(Self.quote)
  }
}
