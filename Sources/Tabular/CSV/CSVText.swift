/// The text of a file's bytes.
enum CSVText {
  /// - Throws: where the bytes are no UTF-8.
  static func decode(
    _ bytes: [UInt8], path: String, line: Int?
  ) throws(TabularError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw notUTF8(bytes, path: path, line: line)
    }
    return text
  }

  /// What is wrong with these bytes, and how they read in the encoding that is likeliest then.
  static func notUTF8(_ bytes: [UInt8], path: String, line: Int?) -> TabularError {
    let shown = Array(bytes.prefix(60))
    var hint = "convert the file to UTF-8, or name its encoding: --encoding windows-1252"
    let windows = Transcoder(from: TextEncoding.windows1252.name, to: TextEncoding.utf8.name)
    if let text = try? windows?.convert(shown, isLast: true) {
      hint =
        "if this is '\(String(decoding: text, as: UTF8.self))', read the file with "
        + "--encoding windows-1252; else name its encoding likewise"
    }
    return .malformed(
      path: path, line: line,
      problem: "'\(String(decoding: shown, as: UTF8.self))' is not UTF-8", hint: hint)
  }
}
