/// Turns the values of one column into spans of an encoded row and back.
///
/// An encoder is made by fitting and is a value from then on: `transform` and `inverse` never change
/// it, and it is stored in the model file as JSON.
public protocol ColumnEncoder: Sendable, Codable {
  /// Spans that this column takes, offsets relative to the column's first position, `column` 0.
  var spans: [OutputSpan] { get }

  /// The encoded form of `values`, one block for each span. Random choices (a mode by its posterior,
  /// a place inside a tie) follow `seed` and the row's position only. O(rows).
  func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block]

  /// The value an encoded row stands for, NaN for a missing one. `row` begins with this column's
  /// first span; softmax spans hold probabilities or a one-hot vector, and the largest wins.
  func inverse(_ row: UnsafePointer<Float>) -> Double
}

extension UnsafePointer<Float> {
  /// The index of the largest of the first `count` elements.
  @inline(__always)
  func indexOfLargest(_ count: Int) -> Int {
    var best = 0
    for i in 1..<Swift.max(count, 1) where self[i] > self[best] { best = i }
    return best
  }
}
