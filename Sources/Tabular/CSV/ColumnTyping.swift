// SPDX-License-Identifier: Apache-2.0

/// Decides how a column is read, from a sample of its fields.
struct ColumnTyping {
  /// The missing-value markers.
  let missing: MissingTexts
  /// Whether other columns of the file use decimal commas.
  var usesDecimalComma = false

  /// Numeric categories have at most this many values.
  static let fewNumbers = 20
  /// At most this many texts are inferred to be missing-value markers.
  static let maxSpellings = 5
  /// Each inferred marker must occur at least this often.
  static let minRepeats = 3
  /// Plausible range of compact dates; eight-digit numbers rarely all fall into it by chance.
  private static let years = -2_208_988_800.0...4_133_980_799.0
  private static let minCompactDates = 5

  /// A type and the number of fields that it reads.
  private struct Fit {
    var type: FieldType
    var fits: Int
  }

  /// The plan for a column's fields, which may have surrounding spaces.
  func plan(_ fields: [[UInt8]]) -> ColumnPlan {
    let present = fields.map(Self.trimmed).filter { field in
      field.withUnsafeBufferPointer { missing.match($0) } == nil
    }
    if present.isEmpty { return ColumnPlan(type: .number, missing: missing) }
    let best = bestFit(present)
    if 2 * best.fits > present.count { return ColumnPlan(type: best.type, missing: missing) }
    // Numbers may be a minority if most values are missing.
    let spellings = Self.repeated(present) { Self.isNumber($0) }
    let rest = present.filter { !spellings.contains($0) }
    if !spellings.isEmpty, Set(rest).count > Self.fewNumbers {
      let fit = bestFit(rest)
      if fit.fits == rest.count {
        return ColumnPlan(
          type: fit.type,
          missing: missing.adding(spellings.map { String(decoding: $0, as: UTF8.self) }))
      }
    }
    return ColumnPlan(type: .text, missing: missing)
  }

  /// The type that reads most of the fields; ties go to the simplest type.
  private func bestFit(_ present: [[UInt8]]) -> Fit {
    let numbers = present.count(where: Self.isNumber)
    if numbers == present.count {
      if let dates = compactDates(present) { return Fit(type: dates, fits: numbers) }
      if usesDecimalComma, let grouped = NotationInference.groupedByPoints(present) {
        return Fit(type: .affixed(NotationReader(grouped)), fits: numbers)
      }
      if present.allSatisfy({ $0.last == UInt8(ascii: ".") }) {
        // "12.": whole numbers with a point behind them.
        return Fit(type: .affixed(NotationReader(NumberNotation(suffix: "."))), fits: numbers)
      }
      return Fit(type: .number, fits: numbers)
    }
    var best = Fit(type: .number, fits: numbers)
    if let dates = DatetimeInference.find(present), dates.fits > best.fits,
      let reader = TimeReader(dates.format, alternative: dates.alternative)
    {
      best = Fit(type: .datetime(reader), fits: dates.fits)
    }
    if let affixed = NotationInference.find(present, usesDecimalComma: usesDecimalComma),
      affixed.fits > best.fits
    {
      best = Fit(type: .affixed(NotationReader(affixed.notation)), fits: affixed.fits)
    }
    return best
  }

  /// A type that reads the sample and the fields that did not fit; nil if none reads more of them
  /// than the present type.
  func refit(_ fields: [[UInt8]], mismatches: [[UInt8]], present type: FieldType) -> FieldType? {
    let fitting = fields.map(Self.trimmed).filter { field in
      field.withUnsafeBufferPointer { missing.match($0) } == nil
    }
    let all = fitting + mismatches
    let fit = bestFit(all)
    guard !fit.type.isSame(as: type) else { return nil }
    let before = Self.count(all, type)
    let readMismatches = Self.count(mismatches, fit.type)
    return fit.fits > before && 10 * readMismatches >= 9 * mismatches.count ? fit.type : nil
  }

  /// Whether these fields certainly use a decimal comma.
  func provesDecimalComma(_ fields: [[UInt8]]) -> Bool {
    let present = fields.map(Self.trimmed).filter { field in
      field.withUnsafeBufferPointer { missing.match($0) } == nil
    }
    guard present.contains(where: { $0.contains(UInt8(ascii: ",")) }) else { return false }
    return NotationInference.find(present, usesDecimalComma: false)?.provesDecimalComma ?? false
  }

  private func compactDates(_ present: [[UInt8]]) -> FieldType? {
    guard present.count >= Self.minCompactDates, Set(present).count > 1,
      let length = present.first?.count, [8, 12, 14].contains(length),
      present.allSatisfy({ $0.count == length && $0.allSatisfy { (0x30...0x39).contains($0) } }),
      let dates = DatetimeInference.find(present), dates.fits == present.count,
      let reader = TimeReader(dates.format)
    else { return nil }
    let isPlausible = present.allSatisfy { field in
      let time = field.withUnsafeBufferPointer { reader.pattern.parse($0) } ?? .nan
      return Self.years.contains(time)
    }
    return isPlausible ? .datetime(reader) : nil
  }

  // MARK: Fields

  static func trimmed(_ field: [UInt8]) -> [UInt8] {
    field.withUnsafeBufferPointer { Array(ColumnBuilder.trim($0)) }
  }

  static func isNumber(_ field: [UInt8]) -> Bool {
    var text = ParsedNumber()
    return field.withUnsafeBufferPointer { NumberParser.parse($0, text: &text) } != nil
  }

  /// How many of the fields a type reads.
  private static func count(_ fields: [[UInt8]], _ type: FieldType) -> Int {
    var text = ParsedNumber()
    return fields.count { field in
      field.withUnsafeBufferPointer { bytes in
        switch type {
        case .number: NumberParser.parse(bytes, text: &text) != nil
        case .affixed(let reader): reader.parse(bytes, text: &text) != nil
        case .datetime(let reader): reader.pattern.parse(bytes) != nil
        case .text: true
        }
      }
    }
  }

  /// The repeated texts among those that are not `known`; empty if there are more than a few.
  private static func repeated(
    _ fields: [[UInt8]], known: ([UInt8]) -> Bool
  ) -> Set<[UInt8]> {
    var counts: [[UInt8]: Int] = [:]
    for field in fields where !known(field) { counts[field, default: 0] += 1 }
    guard counts.count <= maxSpellings, counts.values.allSatisfy({ $0 >= minRepeats }) else {
      return []
    }
    return Set(counts.keys)
  }
}
