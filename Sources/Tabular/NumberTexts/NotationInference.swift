// SPDX-License-Identifier: Apache-2.0

/// Infers the notation of a column's numbers from a sample of its fields.
struct NotationInference {
  /// A notation and the number of fields that it reads.
  struct Finding {
    var notation: NumberNotation
    var fits: Int
    /// Whether the fields can only be read with a decimal comma.
    var provesDecimalComma: Bool
  }

  /// A number split into prefix, body and suffix.
  private struct Shape {
    var prefix = ""
    var suffix = ""
    var body: [UInt8] = []
    var negative: NumberNotation.Negative?
    var hasUnicodeMinus = false
  }

  /// The notation that reads most of the fields; nil if none reads more than half, or if the
  /// numbers are plain.
  ///
  /// - Parameter usesDecimalComma: whether other columns of the file use decimal commas.
  static func find(_ fields: [[UInt8]], usesDecimalComma: Bool) -> Finding? {
    let step = max(1, fields.count / trial)
    let sample = stride(from: 0, to: fields.count, by: step).map { fields[$0] }
    let shapes = sample.compactMap(shape)
    guard 2 * shapes.count > sample.count else { return nil }
    var affixes: [[String]: Int] = [:]
    for shape in shapes { affixes[[shape.prefix, shape.suffix], default: 0] += 1 }
    let mostFrequent = affixes.max { ($0.value, $1.key.joined()) < ($1.value, $0.key.joined()) }!
    guard 2 * mostFrequent.value > sample.count, isPrefix(mostFrequent.key[0]),
      isSuffix(mostFrequent.key[1])
    else {
      return nil
    }
    let alike = shapes.filter {
      $0.prefix == mostFrequent.key[0] && $0.suffix == mostFrequent.key[1]
    }
    let base = notation(of: alike, prefix: mostFrequent.key[0], suffix: mostFrequent.key[1])
    // Marks that do not occur need not be tried.
    let bodies = fields.joined(separator: [0x30])
    let groups = [""] + NumberNotation.groupMarks.filter { contains(bodies, Array($0.utf8)) }
    var counts: [(notation: NumberNotation, fits: Int)] = []
    for decimal in NumberNotation.decimalMarks {
      for group in groups where group != decimal {
        for grouping in group.isEmpty ? [.thousands] : [NumberNotation.Grouping.thousands, .indian]
        {
          var candidate = base
          candidate.decimalMark = decimal
          candidate.groupMark = group
          candidate.grouping = grouping
          counts.append((candidate, fits(candidate, fields)))
        }
      }
    }
    let fitting = counts.map(\.fits).max()!
    guard 2 * fitting > fields.count else { return nil }
    let best = counts.filter { $0.fits == fitting }
    let points = best.first { $0.notation.decimalMark == "." }
    let commas = best.first { $0.notation.decimalMark == "," }
    let prefersCommas = usesDecimalComma && !areGrouped(alike.map(\.body), by: ",")
    let chosen = (prefersCommas ? commas ?? points : points ?? commas)!
    guard !chosen.notation.isPlain else { return nil }
    return Finding(
      notation: chosen.notation, fits: fitting,
      provesDecimalComma: points == nil)
  }

  /// Whether the mark groups digits rather than separating decimals, where it could do either:
  /// numbers without it exist, and none has four digits.
  private static func areGrouped(_ bodies: [[UInt8]], by mark: Unicode.Scalar) -> Bool {
    let unmarked = bodies.filter { !$0.contains(UInt8(ascii: mark)) }
    return !unmarked.isEmpty && unmarked.count < bodies.count
      && unmarked.allSatisfy { $0.count <= 3 && $0.allSatisfy { (0x30...0x39).contains($0) } }
  }

  /// Number of fields whose shape is examined.
  private static let trial = 200

  private static func contains(_ bytes: some Sequence<UInt8>, _ mark: [UInt8]) -> Bool {
    let bytes = Array(bytes)
    guard let first = mark.first, bytes.count >= mark.count else { return false }
    return bytes.indices.dropLast(mark.count - 1).contains { i in
      bytes[i] == first && bytes[i..<i + mark.count].elementsEqual(mark)
    }
  }

  /// The notation of numbers that also parse as plain ones, if the periods of "1.234" group digits;
  /// nil if they do not.
  static func groupedByPoints(_ fields: [[UInt8]]) -> NumberNotation? {
    let notation = NumberNotation(decimalMark: ",", groupMark: ".")
    let pointed = fields.filter { $0.contains(UInt8(ascii: ".")) }
    guard !pointed.isEmpty, fits(notation, fields) == fields.count else { return nil }
    return notation
  }

  private static func fits(_ notation: NumberNotation, _ fields: [[UInt8]]) -> Int {
    let reader = NotationReader(notation)
    var text = ParsedNumber()
    return fields.reduce(0) { count, field in
      count + (field.withUnsafeBufferPointer { reader.parse($0, text: &text) } == nil ? 0 : 1)
    }
  }

  private static func notation(
    of shapes: [Shape], prefix: String, suffix: String
  ) -> NumberNotation {
    var notation = NumberNotation(prefix: prefix, suffix: suffix)
    var forms: [NumberNotation.Negative: Int] = [:]
    for case let negative? in shapes.map(\.negative) { forms[negative, default: 0] += 1 }
    if let form = forms.max(by: { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }) {
      notation.negative = form.key
    }
    let minuses = shapes.filter { $0.negative != nil }
    if !minuses.isEmpty, 2 * minuses.count(where: \.hasUnicodeMinus) > minuses.count {
      notation.minus = "\u{2212}"
    }
    return notation
  }

  // MARK: Shapes

  /// Takes a field apart; nil where it has no digits in one run.
  private static func shape(_ field: [UInt8]) -> Shape? {
    guard field.count <= 64, let text = String(validating: field, as: UTF8.self) else { return nil }
    var rest = Array(text.unicodeScalars)[...]
    var shape = Shape()
    func take(_ scalar: Unicode.Scalar) -> Bool {
      guard rest.first == scalar else { return false }
      rest.removeFirst()
      return true
    }
    if rest.first == "(", rest.last == ")" {
      rest = rest.dropFirst().dropLast()
      shape.negative = .parentheses
    } else if take("-") {
      shape.negative = .sign
    } else if take("\u{2212}") {
      shape.negative = .sign
      shape.hasUnicodeMinus = true
    } else {
      _ = take("+")
    }
    func isDigit(_ index: Int) -> Bool {
      rest.indices.contains(index) && ("0"..."9").contains(rest[index])
    }
    func beginsNumber(_ index: Int) -> Bool {
      isDigit(index) || (rest[index] == "." || rest[index] == ",") && isDigit(index + 1)
    }
    guard let first = rest.indices.first(where: beginsNumber) else { return nil }
    var prefix = rest[..<first]
    rest = rest[first...]
    if shape.negative == nil, let last = prefix.last {
      switch last {
      case "-", "\u{2212}":
        shape.negative = .signAfterPrefix
        shape.hasUnicodeMinus = last != "-"
        prefix.removeLast()
      case "+": prefix.removeLast()
      case "(":
        guard rest.last == ")" else { return nil }
        rest.removeLast()
        shape.negative = .parenthesesAfterPrefix
        prefix.removeLast()
      default: break
      }
    }
    var end = rest.startIndex
    for index in rest.indices where isDigit(index) { end = index + 1 }
    let body = rest[..<end]
    var suffix = rest[end...]
    if shape.negative == nil, suffix.first == "-", suffix.count == 1 {
      shape.negative = .trailingSign
      suffix.removeFirst()
    }
    shape.prefix = string(prefix)
    shape.suffix = string(suffix)
    shape.body = Array(string(body).utf8)
    return shape
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }

  // MARK: Affixes

  /// Currency codes, and currency symbols made of letters.
  private static let currencies: Set<String> = [
    "AED", "ARS", "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EGP", "EUR",
    "GBP",
    "HKD", "HUF", "IDR", "ILS", "INR", "JPY", "KRW", "MXN", "MYR", "NGN", "NOK", "NZD", "PHP",
    "PKR",
    "PLN", "RON", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
    "Rs", "Rs.", "Fr.", "kr", "kr.", "S/", "RM", "Kč", "zł", "lei",
  ]

  private static func isPrefix(_ text: String) -> Bool {
    let core = trimmed(text)
    if core.isEmpty || currencies.contains(core) { return true }
    // "US$", "R$", "€"
    return core.unicodeScalars.count <= 4
      && core.unicodeScalars.contains { $0.properties.generalCategory == .currencySymbol }
      && core.unicodeScalars.allSatisfy {
        $0.properties.generalCategory == .currencySymbol || ("A"..."Z").contains($0)
      }
  }

  private static func isSuffix(_ text: String) -> Bool {
    let core = trimmed(text)
    if core.isEmpty || isPrefix(core) { return true }
    guard core.unicodeScalars.count <= 12, !core.contains("("), !core.contains(")") else {
      return false
    }
    return core.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || "%‰°/.²³µ'\" $€£".unicodeScalars.contains(scalar)
    }
  }

  private static func trimmed(_ text: String) -> String {
    var scalars = Array(text.unicodeScalars)[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return string(scalars)
  }
}
