// SPDX-License-Identifier: Apache-2.0

/// The worst of many comparisons of a result with a reference and a bound of its error.
///
/// An element passes only if its error is at most its bound: NaN never passes, nor does an
/// infinity, unless the reference is the same infinity.
public struct Comparison: Sendable {
  /// Elements compared.
  public private(set) var count = 0
  /// The first element that does not pass, as text.
  public private(set) var failure: String?
  /// The largest error in units of its bound.
  public private(set) var worst = 0.0

  /// A comparison without elements, which passes.
  public init() {}

  /// Whether all elements so far are within their bounds.
  public var passes: Bool { failure == nil }

  /// Compares one element.
  public mutating func add(
    _ value: Float, _ reference: Double, bound: Double, _ location: @autoclosure () -> String
  ) {
    count += 1
    if reference.isInfinite && Double(value) == reference { return }
    let error = abs(Double(value) - reference)
    if error > 0 { worst = max(worst, error / bound) }
    if !(error <= bound) && failure == nil {
      failure = "\(location()): \(value), reference \(reference), error \(error), bound \(bound)"
    }
  }
}
