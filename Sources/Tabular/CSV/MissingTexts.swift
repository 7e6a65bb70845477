/// The texts that stand for a missing value in a column.
struct MissingTexts: Sendable {
  /// What is written for a missing value in the usual programs.
  static let usual: Set<String> = [
    "NA", "N/A", "n/a", "na", "N.A.", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN", "-nan", "NaT",
    "null", "NULL", "Null", "(null)", "None", "none", "NONE", "nil", "\\N", "?", "-", "--", "---",
    ".",
    "#NULL!", "#DIV/0!", "#VALUE!", "0000-00-00", "0000-00-00 00:00:00",
  ]

  private let texts: [(bytes: [UInt8], text: String)]
  /// Whether they hold for text, too: those that a user has declared.
  private let inText: [Bool]
  /// Those that were found in the column.
  private(set) var added: [String] = []
  private let longest: Int
  /// Whether a text begins with a byte: most fields are told by that.
  private let begins: [Bool]

  /// - Parameters:
  ///   - texts: what is missing among numbers and times.
  ///   - declared: what is missing in any column.
  init(_ texts: Set<String>, declared: Set<String> = []) {
    let all = texts.union(declared).filter { !$0.isEmpty }.sorted()
    self.texts = all.map { (Array($0.utf8), $0) }
    inText = all.map(declared.contains)
    longest = self.texts.map(\.bytes.count).max() ?? 0
    var begins = [Bool](repeating: false, count: 256)
    for text in self.texts { begins[Int(text.bytes[0])] = true }
    self.begins = begins
  }

  /// The number of a text that is missing among numbers and times: 0 for an empty field.
  func match(_ field: UnsafeBufferPointer<UInt8>) -> Int? { match(field, isText: false) }

  /// The number of a text that is missing in a column of text.
  func matchText(_ field: UnsafeBufferPointer<UInt8>) -> Int? { match(field, isText: true) }

  @inline(__always)
  private func match(_ field: UnsafeBufferPointer<UInt8>, isText: Bool) -> Int? {
    if field.isEmpty { return 0 }
    if field.count > longest || !begins[Int(field[0])] { return nil }
    for index in texts.indices where !isText || inText[index] {
      if texts[index].bytes.elementsEqual(field) { return index + 1 }
    }
    return nil
  }

  /// How many numbers there are.
  var count: Int { texts.count + 1 }

  /// The text of a number.
  func text(_ index: Int) -> String { index == 0 ? "" : texts[index - 1].text }

  /// These and some more.
  func adding(_ more: [String]) -> MissingTexts {
    let declared = Set(zip(texts, inText).filter(\.1).map(\.0.text))
    var result = MissingTexts(Set(texts.map(\.text)).union(more), declared: declared)
    result.added = added + more.sorted()
    return result
  }
}
