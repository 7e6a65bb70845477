// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tabular

/// The delimiter between fields, as given to an option.
struct Delimiter: ExpressibleByArgument, Equatable {
  let byte: UInt8

  init(byte: UInt8) { self.byte = byte }

  init?(argument: String) {
    switch argument.lowercased() {
    case "tab", "\\t": byte = 0x09
    case "comma": byte = UInt8(ascii: ",")
    case "semicolon": byte = UInt8(ascii: ";")
    default:
      guard argument.utf8.count == 1, let only = argument.utf8.first, CSVDialect.isDelimiter(only)
      else { return nil }
      byte = only
    }
  }

  /// The delimiter in a form that a shell accepts.
  var argument: String {
    byte == 0x09 ? "tab" : "'\(Character(UnicodeScalar(byte)))'"
  }
}

extension TextEncoding: ExpressibleByArgument {
  /// An encoding by any name that `iconv` knows; nil for an unknown one.
  public init?(argument: String) { self.init(argument) }

  /// The encoding as it is named in help texts.
  public var defaultValueDescription: String { name }
}
