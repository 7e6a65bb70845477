// SPDX-License-Identifier: Apache-2.0

/// Reads the numbers of a column in its notation.
struct NotationReader: Sendable {
  let notation: NumberNotation
  private let prefix: [UInt8]
  private let suffix: [UInt8]
  private let groupMark: [UInt8]
  private let decimalMark: UInt8
  private static let unicodeMinus = Array("\u{2212}".utf8)
  /// Limit on the length of a number in bytes.
  private static let longest = 512

  init(_ notation: NumberNotation) {
    self.notation = notation
    prefix = Array(notation.prefix.utf8)
    suffix = Array(notation.suffix.utf8)
    groupMark = Array(notation.groupMark.utf8)
    decimalMark = notation.decimalMark.utf8.first ?? UInt8(ascii: ".")
  }

  /// The number in a field without surrounding spaces; nil if it does not match the notation.
  func parse(_ field: UnsafeBufferPointer<UInt8>, text: inout ParsedNumber) -> Double? {
    guard field.count <= Self.longest else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: field.count + 1) { plain in
      guard let count = normalize(field, into: plain) else { return nil }
      return NumberParser.parse(UnsafeBufferPointer(rebasing: plain[..<count]), text: &text)
    }
  }

  /// Writes the number in plain digits, with its sign if it has one; returns the byte count.
  private func normalize(
    _ field: UnsafeBufferPointer<UInt8>, into plain: UnsafeMutableBufferPointer<UInt8>
  ) -> Int? {
    var rest = field[...]
    var isNegative = false
    var hasPlus = false
    func takeSign() {
      if rest.first == UInt8(ascii: "-") {
        rest.removeFirst()
        isNegative = true
      } else if rest.starts(with: Self.unicodeMinus) {
        rest.removeFirst(Self.unicodeMinus.count)
        isNegative = true
      } else if rest.first == UInt8(ascii: "+") {
        rest.removeFirst()
        hasPlus = true
      }
    }
    func takeParentheses() {
      guard rest.first == UInt8(ascii: "("), rest.last == UInt8(ascii: ")"), rest.count > 2 else {
        return
      }
      rest = rest.dropFirst().dropLast()
      isNegative = true
    }
    takeParentheses()
    takeSign()
    guard rest.starts(with: prefix) else { return nil }
    rest.removeFirst(prefix.count)
    guard rest.count >= suffix.count, rest.suffix(suffix.count).elementsEqual(suffix) else {
      return nil
    }
    rest.removeLast(suffix.count)
    takeParentheses()
    if !isNegative && !hasPlus { takeSign() }
    if notation.negative == .trailingSign, !isNegative, rest.last == UInt8(ascii: "-") {
      rest.removeLast()
      isNegative = true
    }
    var count = 0
    func append(_ byte: UInt8) {
      plain[count] = byte
      count += 1
    }
    if isNegative { append(UInt8(ascii: "-")) } else if hasPlus { append(UInt8(ascii: "+")) }
    guard let whole = takeWhole(&rest, append) else { return nil }
    if rest.first == decimalMark {
      rest.removeFirst()
      append(UInt8(ascii: "."))
    } else if whole == 0 {
      return nil
    }
    // The remainder is checked when the plain number is parsed.
    for byte in rest { append(byte == UInt8(ascii: ".") ? 0 : byte) }
    return count
  }

  /// Consumes the digits before the decimal mark and returns their number; nil if they are grouped
  /// wrongly.
  private func takeWhole(
    _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, _ append: (UInt8) -> Void
  ) -> Int? {
    var groups: [Int] = []
    var inGroup = 0
    var digits = 0
    let first = rest.first
    while let byte = rest.first {
      if (0x30...0x39).contains(byte) {
        append(byte)
        digits += 1
        inGroup += 1
        rest.removeFirst()
      } else if !groupMark.isEmpty, rest.starts(with: groupMark) {
        groups.append(inGroup)
        inGroup = 0
        rest.removeFirst(groupMark.count)
      } else {
        break
      }
    }
    if groups.isEmpty { return digits }
    let size = notation.grouping == .thousands ? 3 : 2
    guard (1...size).contains(groups[0]), first != UInt8(ascii: "0"),
      groups.dropFirst().allSatisfy({ $0 == size }), inGroup == 3
    else { return nil }
    return digits
  }
}
