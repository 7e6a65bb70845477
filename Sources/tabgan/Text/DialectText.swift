// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Describes a dialect in words.
enum DialectText {
  /// The differences from the default dialect in parentheses, such as " (delimiter ';', CRLF)";
  /// empty if there are none.
  static func differences(_ dialect: CSVDialect) -> String {
    let usual = CSVDialect()
    var parts: [String] = []
    if dialect.delimiter != usual.delimiter { parts.append("delimiter \(name(dialect.delimiter))") }
    if dialect.spaces == .delimiting { parts.append("a space after each delimiter") }
    if dialect.lineEnd != usual.lineEnd { parts.append(dialect.lineEnd.rawValue.uppercased()) }
    switch dialect.quoting {
    case .minimal: break
    case .texts: parts.append("quoted text")
    case .all: parts.append("all fields quoted")
    }
    if dialect.hasBackslashEscapes { parts.append("backslash escapes") }
    if dialect.encoding != usual.encoding { parts.append(dialect.encoding.name) }
    if dialect.hasByteOrderMark { parts.append("byte order mark") }
    if !dialect.hasHeader { parts.append("no header") }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
  }

  private static func name(_ delimiter: UInt8) -> String {
    switch delimiter {
    case 0x09: "tab"
    case 0x20: "blank"
    default: "'\(Character(UnicodeScalar(delimiter)))'"
    }
  }
}
