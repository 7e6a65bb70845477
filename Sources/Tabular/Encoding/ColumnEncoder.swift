/// Turns the values of one column into spans of an encoded row and back.
///
/// An encoder is made by fitting (its initialiser or a static `fit`) and is a value from then on:
/// `transform` and `inverse` never change it, and it is stored in the model file as JSON.
public protocol ColumnEncoder: Sendable, Codable {
  /// Spans that this column takes, offsets relative to the column's first position, `column` 0.
  var spans: [OutputSpan] { get }

  /// The encoded form of `column`, one block for each span. Random choices (a mode by its
  /// posterior, a place inside a tie) follow `seed` and the row's position only.
  func transform(_ column: Column, seed: UInt64) throws(TabularError) -> [EncodedTable.Block]

  /// The column that encoded rows stand for. `rows` holds `count` rows at a distance of `stride`
  /// floats, each beginning with this column's first span; softmax spans hold probabilities or a
  /// one-hot vector, and the largest wins.
  func inverse(
    _ rows: UnsafeBufferPointer<Float>, count: Int, stride: Int, name: String, seed: UInt64
  ) -> Column
}
