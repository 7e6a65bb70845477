/// The text of a file's bytes.
enum CSVText {
  static func decode(
    _ bytes: [UInt8], encoding: CSVOptions.Encoding, path: String, line: Int?
  ) throws(TabularError) -> String {
    if case .latin1 = encoding {
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw notUTF8(String(decoding: bytes.prefix(60), as: UTF8.self), path: path, line: line)
    }
    return text
  }

  static func notUTF8(_ text: String, path: String, line: Int?) -> TabularError {
    .malformed(
      path: path, line: line, problem: "'\(text)' is not UTF-8",
      hint: "convert the file to UTF-8, or read it as Latin-1")
  }
}
