/// Finds the format of a column's times from some of its fields.
///
/// Each field's digits, names and marks allow a few patterns (``DatetimeShape``); the one that reads
/// most of the fields is taken, of equals the strictest.
struct DatetimeInference {
  /// A format with the fields that it reads.
  struct Finding {
    var format: DatetimeFormat
    var fits: Int
    /// A format that reads as many of them with days and months exchanged.
    var alternative: DatetimeFormat?
  }

  /// Kinds of fields that are looked at.
  private static let mostShapes = 24
  /// Fields that weed out patterns before all of them are read.
  private static let trial = 48

  /// The format that reads most of the fields; nil where none reads one.
  static func find(_ fields: [[UInt8]]) -> Finding? {
    var seen: Set<[UInt8]> = []
    var candidates: [DatetimeShape.Candidate] = []
    var patterns: Set<String> = []
    for field in fields where seen.count < mostShapes {
      guard seen.insert(DatetimeShape.outline(field)).inserted else { continue }
      for candidate in DatetimeShape.candidates(field)
      where patterns.insert(candidate.key).inserted { candidates.append(candidate) }
    }
    guard !candidates.isEmpty else { return nil }
    let step = max(1, fields.count / trial)
    let few = stride(from: 0, to: fields.count, by: step).map { fields[$0] }
    // Fields of different shapes come first: they tell most.
    let leading = fields.prefix(trial)
    let counted = candidates.map { candidate in
      (candidate, fits(candidate.format, few) + fits(candidate.format, Array(leading)))
    }
    let most = counted.map(\.1).max()!
    let finalists = counted.filter { 10 * $0.1 >= 9 * most }.map(\.0)
      .map { ($0, fits($0.format, fields)) }
    guard
      let best = finalists.min(by: {
        $0.1 != $1.1 ? $0.1 > $1.1 : $0.0.rank < $1.0.rank
      }), best.1 > 0
    else { return nil }
    let alternative = finalists.first {
      $0.1 == best.1 && $0.0.format.pattern == swapped(best.0.format.pattern)
    }
    return Finding(format: best.0.format, fits: best.1, alternative: alternative?.0.format)
  }

  /// The format that reads most of the fields among the declared one and those that differ from it in
  /// padding and fractions only, as `strptime` reads them.
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

  /// The pattern with day and month exchanged.
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

  /// Replaces symbols that stand alone: "MM" is left in "MMM".
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
