// SPDX-License-Identifier: Apache-2.0

/// Infers the format of a column's times from a sample of its fields.
///
/// The digits, names and punctuation of each field allow a few patterns (``DatetimeShape``). The
/// pattern that reads most of the fields is chosen; ties go to the strictest.
struct DatetimeInference {
  /// A format and the number of fields that it reads.
  struct Finding {
    var format: DatetimeFormat
    var fits: Int
    /// A format with day and month swapped that reads as many fields.
    var alternative: DatetimeFormat?
  }

  /// Limit on the number of distinct field shapes to examine.
  private static let maxShapes = 24
  /// Number of fields for a first selection of patterns.
  private static let trial = 48

  /// The format that reads most of the fields; nil if none reads any.
  static func find(_ fields: [[UInt8]]) -> Finding? {
    var seen: Set<[UInt8]> = []
    var candidates: [DatetimeShape.Candidate] = []
    var patterns: Set<String> = []
    for field in fields where seen.count < maxShapes {
      guard seen.insert(DatetimeShape.outline(field)).inserted else { continue }
      for candidate in DatetimeShape.candidates(field)
      where patterns.insert(candidate.key).inserted { candidates.append(candidate) }
    }
    guard !candidates.isEmpty else { return nil }
    let step = max(1, fields.count / trial)
    let few = stride(from: 0, to: fields.count, by: step).map { fields[$0] }
    // The leading fields are also tried.
    let leading = fields.prefix(trial)
    let counted = candidates.map { candidate in
      (candidate, fits(candidate.format, few) + fits(candidate.format, Array(leading)))
    }
    let maximum = counted.map(\.1).max()!
    let finalists = counted.filter { 10 * $0.1 >= 9 * maximum }.map(\.0)
      .map { ($0, fits($0.format, fields)) }
    guard
      let best = finalists.min(by: {
        $0.1 != $1.1 ? $0.1 > $1.1 : $0.0.rank < $1.0.rank
      }), best.1 > 0
    else { return nil }
    let pattern = best.0.format.pattern
    let swapped = swapped(pattern)
    let alternative = finalists.first {
      swapped != pattern && $0.1 == best.1 && $0.0.format.pattern == swapped
    }
    return Finding(format: best.0.format, fits: best.1, alternative: alternative?.0.format)
  }

  /// The format that reads most of the fields among the declared one and its variants. Variants
  /// differ in padding and fractions only, which `strptime` also accepts.
  static func find(_ fields: [[UInt8]], declared: DatetimeFormat) -> DatetimeFormat {
    var variants = [declared]
    func add(_ change: (String) -> String) {
      for format in variants {
        var variant = format
        variant.pattern = change(format.pattern)
        if !variants.contains(variant), DatetimePattern(variant) != nil { variants.append(variant) }
      }
    }
    add { replaced($0, [("MM", "M"), ("dd", "d"), ("HH", "H"), ("hh", "h")]) }
    add { $0.replacing(".SSSSSS", with: ".F") }
    add { $0.replacing(".F", with: ".FFFFFF") }
    let cased = variants.map { format in
      var format = format
      let letters = fields.first { $0.contains { $0 > 0x40 && $0 < 0x7b } } ?? []
      (format.nameCase, format.meridiemCase) = DatetimeShape.cases(
        letters, nameCase: format.nameCase, meridiemCase: format.meridiemCase)
      return format
    }
    let counts = cased.map { fits($0, fields) }
    let best = counts.indices.max { counts[$0] != counts[$1] ? counts[$0] < counts[$1] : $0 > $1 }
    return best.map { cased[$0] } ?? declared
  }

  static func fits(_ format: DatetimeFormat, _ fields: [[UInt8]]) -> Int {
    guard let pattern = DatetimePattern(format) else { return 0 }
    return fields.reduce(0) { count, field in
      count + (field.withUnsafeBufferPointer { pattern.parse($0) } == nil ? 0 : 1)
    }
  }

  /// The pattern with day and month swapped.
  static func swapped(_ pattern: String) -> String {
    var result = ""
    var isQuoted = false
    for character in pattern {
      if character == "'" { isQuoted.toggle() }
      result.append(
        isQuoted ? character : character == "M" ? "d" : character == "d" ? "M" : character)
    }
    return result
  }

  /// Replaces complete symbols only: the "MM" in "MMM" is kept.
  private static func replaced(_ pattern: String, _ symbols: [(String, String)]) -> String {
    var result = pattern
    for (symbol, other) in symbols {
      let letter = symbol.first!
      var output = ""
      var run = ""
      for character in result + "\u{0}" {
        if character == letter {
          run.append(character)
          continue
        }
        output += run == symbol ? other : run
        run = ""
        if character != "\u{0}" { output.append(character) }
      }
      result = output
    }
    return result
  }
}
