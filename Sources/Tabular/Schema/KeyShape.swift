// SPDX-License-Identifier: Apache-2.0

/// Distinguishes keys, which are unique in every row, from quantities and categories.
enum KeyShape {
  /// In fewer rows, values may be unique by chance.
  private static let minRows = 21
  /// A text column that looks like a key may have some duplicates.
  private static let nearlyUnique = 0.95
  /// Limit on the range of keys, in multiples of the number of rows; the second is for ascending
  /// keys.
  private static let minShare = 2.0
  private static let minShareOfRising = 10.0

  /// Words that names of keys end in.
  private static let keyWords: Set<String> = [
    "id", "ids", "key", "uuid", "guid", "index", "idx", "no", "nr", "num", "number", "pk", "sku",
    "serial", "hash", "token",
  ]
  /// Words that names of quantities end in, however regular their values are.
  private static let quantityWords: Set<String> = [
    "year", "yr", "month", "day", "date", "time", "timestamp", "epoch", "age", "hour", "week",
  ]

  /// Whether distinct whole numbers are a key: by the column's name, or because they fill their
  /// range.
  static func isKey(_ values: Numbers, range: ClosedRange<Double>, name: String) -> Bool {
    let present = values.lazy.filter { !$0.isNaN }
    let count = present.reduce(0) { count, _ in count + 1 }
    guard count >= minRows else { return false }
    let word = lastWord(name)
    if keyWords.contains(word) { return true }
    if quantityWords.contains(word) { return false }
    var before = -Double.infinity
    let isRising = present.allSatisfy { value in
      defer { before = value }
      return value > before
    }
    let span = range.upperBound - range.lowerBound + 1
    return span <= Double(count) * (isRising ? minShareOfRising : minShare)
  }

  /// The kind of a text column with (nearly) as many categories as rows: `id` for keys, `text` for
  /// free text; nil if the column is categorical.
  static func kind(ofText categories: [String], name: String, rows: Int) -> ColumnKind? {
    guard rows >= minRows else { return nil }
    let isUnique = categories.count == rows
    let looksLikeKey = keyWords.contains(lastWord(name)) || hasKeyShape(categories)
    if isUnique { return looksLikeKey ? .id : .text }
    if categories.count <= max(50, rows / 2) { return nil }
    if isFreeText(categories) { return .text }
    return looksLikeKey && Double(categories.count) >= nearlyUnique * Double(rows) ? .id : nil
  }

  /// Number of categories to examine.
  private static let sample = 1000

  private static func sampled(_ categories: [String]) -> [String] {
    let step = max(1, categories.count / sample)
    return stride(from: 0, to: categories.count, by: step).map { categories[$0] }
  }

  /// Whether nearly all categories are one or two words with a digit or an "@", such as license
  /// plates, UUIDs or e-mail addresses.
  private static func hasKeyShape(_ categories: [String]) -> Bool {
    let sample = sampled(categories)
    let shaped = sample.count { category in
      category.utf8.count <= 64 && words(category) <= 2
        && !category.utf8.contains(UInt8(ascii: "\n"))
        && (category.utf8.contains { (0x30...0x39).contains($0) }
          || category.utf8.contains(UInt8(ascii: "@")))
    }
    return 10 * shaped >= 9 * sample.count
  }

  /// Whether most categories are sentences rather than names.
  private static func isFreeText(_ categories: [String]) -> Bool {
    let sample = sampled(categories)
    return 2 * sample.count { words($0) >= 4 || $0.utf8.count > 60 } > sample.count
  }

  private static func words(_ text: String) -> Int {
    text.utf8.split(separator: UInt8(ascii: " ")).count
  }

  /// The last word of a name in lower case. Words are separated by non-letters and by capital
  /// letters.
  static func lastWord(_ name: String) -> String {
    var word = ""
    var previous: Character = " "
    for character in name {
      let isBreak = !character.isLetter
      let isCapital = character.isUppercase && previous.isLowercase
      if isBreak || isCapital { word = "" }
      if !isBreak { word.append(character) }
      previous = character
    }
    return word.lowercased()
  }
}
