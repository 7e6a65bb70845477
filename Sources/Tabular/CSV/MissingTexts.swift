// SPDX-License-Identifier: Apache-2.0

/// The missing-value markers of a column.
struct MissingTexts: Sendable {
  /// The markers that common programs write for a missing value.
  static let usual: Set<String> = [
    "NA", "N/A", "n/a", "na", "N.A.", "#N/A", "#NA", "<NA>", "NaN", "nan", "NAN", "-nan", "NaT",
    "null", "NULL", "Null", "(null)", "None", "none", "NONE", "nil", "\\N", "?", "-", "--", "---",
    ".",
    "#NULL!", "#DIV/0!", "#VALUE!", "0000-00-00", "0000-00-00 00:00:00",
  ]

  private let texts: [(bytes: [UInt8], text: String)]
  /// For each marker, whether it also applies to text columns: those that the user declared.
  private let inText: [Bool]
  /// The markers that were inferred from the column.
  private(set) var added: [String] = []
  private let longest: Int
  /// For each byte, whether a marker begins with it; this rejects most fields at once.
  private let begins: [Bool]

  /// - Parameters:
  ///   - texts: the markers in columns of numbers and times.
  ///   - declared: the markers in any column.
  init(_ texts: Set<String>, declared: Set<String> = []) {
    let all = texts.union(declared).filter { !$0.isEmpty }.sorted()
    self.texts = all.map { (Array($0.utf8), $0) }
    inText = all.map(declared.contains)
    longest = self.texts.map(\.bytes.count).max() ?? 0
    var begins = [Bool](repeating: false, count: 256)
    for text in self.texts { begins[Int(text.bytes[0])] = true }
    self.begins = begins
  }

  /// The index of the marker that a field in a column of numbers or times matches, 0 for an empty
  /// field; nil if the field is not missing.
  func match(_ field: UnsafeBufferPointer<UInt8>) -> Int? { match(field, isText: false) }

  /// The index of the marker that a field in a text column matches; nil if it is not missing.
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

  /// The number of markers, including the empty field.
  var count: Int { texts.count + 1 }

  /// The text of a marker index.
  func text(_ index: Int) -> String { index == 0 ? "" : texts[index - 1].text }

  /// These markers and the inferred ones `more`.
  func adding(_ more: [String]) -> MissingTexts {
    let declared = Set(zip(texts, inText).filter(\.1).map(\.0.text))
    var result = MissingTexts(Set(texts.map(\.text)).union(more), declared: declared)
    result.added = added + more.sorted()
    return result
  }
}
