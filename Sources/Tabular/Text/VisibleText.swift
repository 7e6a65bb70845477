// SPDX-License-Identifier: Apache-2.0

/// Makes text from data, files and names safe to show on a terminal.
///
/// Control characters, escape sequences, bidirectional controls and zero-width characters are
/// written as escapes; all other text is unchanged.
package enum VisibleText {
  /// Text on one line; line feeds and tabs are also written as escapes.
  package static func line(_ text: String) -> String { escaped(text, keeping: []) }

  /// Text that may have several lines.
  package static func lines(_ text: String) -> String { escaped(text, keeping: ["\n"]) }

  /// A single value, quoted if it is empty or has leading or trailing white space.
  package static func value(_ text: String) -> String {
    let isHidden =
      text.isEmpty || text.first?.isWhitespace == true || text.last?.isWhitespace == true
    return isHidden ? "'\(line(text))'" : line(text)
  }

  private static func escaped(_ text: String, keeping kept: Set<Unicode.Scalar>) -> String {
    guard text.unicodeScalars.contains(where: { isHidden($0) && !kept.contains($0) }) else {
      return text
    }
    var result = ""
    for scalar in text.unicodeScalars {
      if kept.contains(scalar) || !isHidden(scalar) {
        result.unicodeScalars.append(scalar)
        continue
      }
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default: result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // C0, DEL and C1.
    case 0..<0x20, 0x7f..<0xa0: true
    // Bidirectional marks, embeddings and isolates; line and paragraph separators.
    case 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    // Zero-width characters (except joiners, which scripts and emoji need); annotations; tags.
    case 0x200b, 0x2060...0x2065, 0x206a...0x206f, 0xfeff, 0xfff9...0xfffb, 0xe0000...0xe007f: true
    default: false
    }
  }
}
