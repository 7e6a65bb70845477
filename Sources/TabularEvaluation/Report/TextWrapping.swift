// SPDX-License-Identifier: Apache-2.0

/// Wraps text to fit a terminal.
enum TextWrapping {
  /// The widest line, in characters.
  static let width = 116

  /// Breaks `text` at spaces; the first line is indented by `first` spaces, the others by `indent`.
  ///
  /// A word longer than a line is not broken.
  static func lines(_ text: String, first: Int = 0, indent: Int = 2) -> [String] {
    var lines: [String] = []
    var line: String?
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if let started = line, started.count + 1 + word.count <= width {
        line = started + " " + word
      } else {
        if let started = line { lines.append(started) }
        line = String(repeating: " ", count: line == nil ? first : indent) + word
      }
    }
    return lines + [line ?? ""]
  }
}
