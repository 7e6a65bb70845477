// SPDX-License-Identifier: Apache-2.0

/// Converts formats with C's `strptime` directives, as used in SDV metadata.
enum StrptimeFormat {
  private static let directives: [Character: String] = [
    "Y": "yyyy", "y": "yy", "m": "MM", "d": "dd", "e": "d", "j": "DDD", "b": "MMM", "h": "MMM",
    "B": "MMMM", "a": "EEE", "A": "EEEE", "H": "HH", "I": "hh", "M": "mm", "S": "ss", "f": "SSSSSS",
    "p": "a", "z": "xxx", "Z": "zzz", "D": "MM/dd/yy", "x": "MM/dd/yy", "F": "yyyy-MM-dd",
    "T": "HH:mm:ss", "X": "HH:mm:ss", "R": "HH:mm", "r": "hh:mm:ss a",
    "c": "EEE MMM d HH:mm:ss yyyy",
    "n": "\n", "t": "\t", "%": "%",
  ]
  /// Unpadded, as in "%-d" and "%#d".
  private static let unpadded: [Character: String] = [
    "m": "M", "d": "d", "H": "H", "I": "h", "y": "yy", "Y": "yyyy",
  ]

  /// The pattern of a format, or the reason why there is none.
  static func pattern(_ format: String) -> Result<DatetimeFormat, Problem> {
    var pattern = ""
    var rest = Substring(format)
    while let character = rest.popFirst() {
      guard character == "%" else {
        pattern += literal(character)
        continue
      }
      guard let letter = rest.popFirst() else { return .failure(.directive("%")) }
      if letter == "-" || letter == "#", let second = rest.popFirst() {
        guard let symbol = unpadded[second] else {
          return .failure(.directive("%\(letter)\(second)"))
        }
        pattern += symbol
      } else {
        guard let symbol = directives[letter] else {
          return .failure(.directive("%\(letter)"))
        }
        pattern += symbol
      }
    }
    let result = DatetimeFormat(pattern: pattern)
    return DatetimePattern(result) == nil ? .failure(.noTime) : .success(result)
  }

  /// Why a format has no pattern.
  enum Problem: Error {
    /// A directive without a corresponding symbol, such as week numbers.
    case directive(String)
    /// Neither a date nor a time of day.
    case noTime
  }

  private static func literal(_ character: Character) -> String {
    if character == "'" { return "''" }
    let needsQuotes = character.isLetter || character == "[" || character == "]"
    return needsQuotes ? "'\(character)'" : String(character)
  }
}
