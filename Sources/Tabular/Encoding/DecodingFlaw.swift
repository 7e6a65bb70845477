extension DecodingError {
  /// What is said of a value that nothing could have been fitted to: a damaged or made-up file.
  package static func flaw(_ text: String, in decoder: any Decoder) -> DecodingError {
    .dataCorrupted(Context(codingPath: decoder.codingPath, debugDescription: text))
  }
}

extension Sequence where Element == Double {
  /// Whether every element is a finite number.
  var areFinite: Bool { allSatisfy(\.isFinite) }
}

extension Double {
  /// The nearest whole number in `range`; NaN is its lower bound.
  func whole(in range: ClosedRange<Int>) -> Int {
    guard self > Double(range.lowerBound) else { return range.lowerBound }
    guard self < Double(range.upperBound) else { return range.upperBound }
    return Int(rounded())
  }
}
