import ArgumentParser
import Tabular

/// What stands between fields, as an option names it.
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

  /// As a shell takes it.
  var argument: String {
    byte == 0x09 ? "tab" : "'\(Character(UnicodeScalar(byte)))'"
  }
}

extension TextEncoding: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }

  public var defaultValueDescription: String { name }
}
