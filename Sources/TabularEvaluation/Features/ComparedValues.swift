// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The values of a column as they are evaluated: by what the cells say, not by how a reader
/// happened to store them.
///
/// Text that spells numbers only is numbers, and the usual words for "nothing" are missing values.
enum ComparedValues {
  case number([Double])
  case datetime([Double])
  /// `codes[row]` indexes `categories`, -1 is missing; blanks around a category are gone.
  case text(codes: [Int32], categories: [String])

  init(_ column: Column) {
    switch column.values {
    case .number(let values): self = .number(values.array)
    case .datetime(let values):
      self = .datetime(values.map { Self.representableTimes.contains($0) ? $0 : .nan })
    case .text(let codes, let categories): self = Self.text(codes, categories)
    }
  }

  /// The seconds since 1970-01-01 that a 64-bit number of nanoseconds can hold; a time outside this
  /// range counts as missing, as in the pandas reader.
  private static let representableTimes = -9_223_372_036.0...9_223_372_036.0

  /// Spellings of a missing value; the convention of the pandas reader, which is the common one.
  private static let missing: Set<String> = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
  ]
  private static let truth = [
    "True": "True", "TRUE": "True", "true": "True",
    "False": "False", "FALSE": "False", "false": "False",
  ]

  private static func text(_ codes: [Int32], _ categories: [String]) -> ComparedValues {
    var used = [Bool](repeating: false, count: categories.count)
    for code in codes where code >= 0 { used[Int(code)] = true }
    let trimmed = categories.map { category in
      category.first?.isWhitespace == true || category.last?.isWhitespace == true
        ? String(
          category.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        : category
    }
    let isMissing = trimmed.map { missing.contains($0) }
    let present = categories.indices.filter { used[$0] && !isMissing[$0] }
    let numbers = present.isEmpty ? nil : present.map { CellNumber.parse(trimmed[$0]) }
    if present.isEmpty || numbers!.allSatisfy({ $0 != nil }) {
      var value = [Double](repeating: .nan, count: categories.count)
      for (index, category) in present.enumerated() { value[category] = numbers![index]! }
      return .number(codes.map { $0 < 0 ? .nan : value[Int($0)] })
    }
    let isTruth = present.allSatisfy { truth[trimmed[$0]] != nil }
    var merged: [String] = []
    var codeOf: [String: Int32] = [:]
    var translated = [Int32](repeating: -1, count: categories.count)
    for category in present {
      let name = isTruth ? truth[trimmed[category]]! : trimmed[category]
      let code = codeOf[name] ?? Int32(merged.count)
      if codeOf.updateValue(code, forKey: name) == nil { merged.append(name) }
      translated[category] = code
    }
    return .text(codes: codes.map { $0 < 0 ? -1 : translated[Int($0)] }, categories: merged)
  }

  /// The values as quantities; what is no number, or infinite, is missing.
  var quantities: [Double] {
    switch self {
    case .number(let values): values.map { $0.isFinite ? $0 : .nan }
    case .datetime(let values): values.map { _ in .nan }
    case .text(let codes, let categories):
      Self.lookUp(codes, categories.map { CellNumber.parse($0).flatMap { $0.isFinite ? $0 : nil } })
    }
  }

  /// The values as seconds since 1970-01-01; what is no time is missing.
  var times: [Double] {
    switch self {
    // A bare number is interpreted as nanoseconds, as in 64-bit timestamps.
    case .number(let values): values.map { abs($0) < 9.2e18 ? $0 / 1e9 : .nan }
    case .datetime(let values): values
    case .text(let codes, let categories):
      Self.lookUp(
        codes,
        DatetimeTexts.times(categories).map { Self.representableTimes.contains($0) ? $0 : nil })
    }
  }

  private static func lookUp(_ codes: [Int32], _ values: [Double?]) -> [Double] {
    codes.map { $0 < 0 ? .nan : values[Int($0)] ?? .nan }
  }

  /// The values as text values by dictionary: numbers with six significant digits.
  var categories: (codes: [Int32], categories: [String]) {
    switch self {
    case .number(let values):
      return Self.dictionary(values) { CellNumber.category($0) }
    case .datetime(let values):
      // A time among categories is a category like any other.
      return Self.dictionary(values) { "\($0) s" }
    case .text(let codes, let categories):
      return (codes, categories.map { CellNumber.parse($0).map { CellNumber.category($0) } ?? $0 })
    }
  }

  private static func dictionary(
    _ values: [Double], _ name: (Double) -> String
  ) -> (codes: [Int32], categories: [String]) {
    var codeOf: [Double: Int32] = [:]
    var categories: [String] = []
    let codes = values.map { value -> Int32 in
      if value.isNaN { return -1 }
      if let code = codeOf[value] { return code }
      let code = Int32(categories.count)
      codeOf[value] = code
      categories.append(name(value))
      return code
    }
    return (codes, categories)
  }
}
