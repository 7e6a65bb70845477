// SPDX-License-Identifier: Apache-2.0

/// The blanks around the values of a column, counted over all of its fields.
struct PaddingTally: Sendable {
  private var leading: ClosedRange<Int>?
  private var trailing: ClosedRange<Int>?
  private var length: ClosedRange<Int>?
  private var hasBlankFields = false

  /// Counts a field that is not empty.
  ///
  /// - Parameter trimmed: its length without the blanks.
  @inline(__always)
  mutating func note(leading: Int, trimmed: Int, length: Int) {
    if trimmed == 0 {
      hasBlankFields = true
      return
    }
    let trailing = length - leading - trimmed
    Self.extend(&self.leading, leading)
    Self.extend(&self.trailing, trailing)
    Self.extend(&self.length, length)
  }

  @inline(__always)
  private static func extend(_ range: inout ClosedRange<Int>?, _ value: Int) {
    if let known = range, known.contains(value) { return }
    range = min(value, range?.lowerBound ?? value)...max(value, range?.upperBound ?? value)
  }

  mutating func add(_ other: PaddingTally) {
    hasBlankFields = hasBlankFields || other.hasBlankFields
    for (range, own) in [
      (other.leading, \PaddingTally.leading), (other.trailing, \.trailing),
      (other.length, \.length),
    ] {
      guard let range else { continue }
      Self.extend(&self[keyPath: own], range.lowerBound)
      Self.extend(&self[keyPath: own], range.upperBound)
    }
  }

  /// Whether some fields have blanks around them.
  var hasSpaces: Bool { (leading?.upperBound ?? 0) > 0 || (trailing?.upperBound ?? 0) > 0 }

  /// The padding that all fields have; none if it varies.
  var padding: FieldPadding {
    guard let leading, let trailing, let length, hasSpaces else { return FieldPadding() }
    let hasOneLength = length.lowerBound == length.upperBound
    var padding = FieldPadding(padsEmpty: hasBlankFields)
    switch (leading.lowerBound == leading.upperBound, trailing.lowerBound == trailing.upperBound) {
    case (true, true):
      padding.leading = leading.lowerBound
      padding.trailing = trailing.lowerBound
    case (false, true) where hasOneLength:
      padding.trailing = trailing.lowerBound
      padding.width = length.lowerBound
    case (true, false) where hasOneLength:
      padding.leading = leading.lowerBound
      padding.width = length.lowerBound
      padding.isRightAligned = false
    default: return FieldPadding()
    }
    return padding
  }
}
