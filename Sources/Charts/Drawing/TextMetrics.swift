// SPDX-License-Identifier: Apache-2.0

/// Estimates of the width of text in a sans-serif font, for layout without a font at hand.
enum TextMetrics {
  /// The width of `text` in pixels at a font size, on the generous side.
  static func width(_ text: String, size: Double) -> Double {
    text.reduce(0) { $0 + advance($1) } * size
  }

  private static func advance(_ character: Character) -> Double {
    switch character {
    case "i", "j", "l", "I", "'", ".", ",", ":", ";", "|", "!": 0.28
    case "f", "t", "r", " ", "(", ")", "[", "]", "-", "/": 0.36
    case "m", "w", "M", "W", "%", "@": 0.87
    case "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁻": 0.37
    case let c where c.isUppercase: 0.69
    default: 0.57
    }
  }

  /// `text`, or as much of it as fits into `width`, with an ellipsis.
  static func truncate(_ text: String, to width: Double, size: Double) -> String {
    if self.width(text, size: size) <= width { return text }
    var kept = text
    while !kept.isEmpty, self.width(kept + "…", size: size) > width { kept.removeLast() }
    return kept + "…"
  }

  /// `text`, or its beginning and its end with an ellipsis between: names with a common
  /// beginning differ in their ends.
  static func shorten(_ text: String, to width: Double, size: Double) -> String {
    if self.width(text, size: size) <= width { return text }
    var (head, tail) = (text[...].prefix(text.count / 2), text[...].dropFirst(text.count / 2))
    while !tail.isEmpty, self.width("\(head)…\(tail)", size: size) > width {
      if head.count > tail.count { head.removeLast() } else { tail.removeFirst() }
    }
    return "\(head)…\(tail)"
  }

  /// `text` in lines of at most `width`, broken at blanks.
  static func wrap(_ text: String, to width: Double, size: Double) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, self.width(last + " " + word, size: size) <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
