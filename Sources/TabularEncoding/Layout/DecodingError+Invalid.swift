// SPDX-License-Identifier: Apache-2.0

extension DecodingError {
  /// The error for a value that fitting cannot produce, as in a damaged or forged file.
  package static func invalid(_ text: String, in decoder: any Decoder) -> DecodingError {
    .dataCorrupted(Context(codingPath: decoder.codingPath, debugDescription: text))
  }
}

extension Sequence where Element == Double {
  /// Whether every element is a finite number.
  package var areFinite: Bool { allSatisfy(\.isFinite) }
}

extension Double {
  /// The nearest whole number in `range`; the lower bound for NaN.
  func whole(in range: ClosedRange<Int>) -> Int {
    guard self > Double(range.lowerBound) else { return range.lowerBound }
    guard self < Double(range.upperBound) else { return range.upperBound }
    return Int(rounded())
  }
}
