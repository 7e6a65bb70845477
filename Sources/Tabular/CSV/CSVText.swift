// SPDX-License-Identifier: Apache-2.0

/// Decodes the bytes of a file as text.
enum CSVText {
  /// - Throws: if the bytes are not UTF-8.
  static func decode(
    _ bytes: [UInt8], path: String, line: Int?
  ) throws(TabularError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw notUTF8(bytes, path: path, line: line)
    }
    return text
  }

  /// The error for bytes that are not UTF-8; its hint shows them decoded as Windows-1252.
  static func notUTF8(_ bytes: [UInt8], path: String, line: Int?) -> TabularError {
    let shown = Array(bytes.prefix(60))
    var hint = "convert the file to UTF-8, or name its encoding: --encoding windows-1252"
    let windows = Transcoder(from: TextEncoding.windows1252.name, to: TextEncoding.utf8.name)
    if let text = try? windows?.convert(shown, isLast: true) {
      hint =
        "if this is '\(String(decoding: text, as: UTF8.self))', read the file with "
        + "--encoding windows-1252; otherwise, name its encoding in the same way"
    }
    return .malformed(
      path: path, line: line,
      problem: "'\(String(decoding: shown, as: UTF8.self))' is not UTF-8", hint: hint)
  }
}
