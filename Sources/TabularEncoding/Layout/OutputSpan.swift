// SPDX-License-Identifier: Apache-2.0

/// A run of adjacent positions in an encoded row, with the activation the generator needs there.
public struct OutputSpan: Sendable, Codable, Equatable {
  /// The function that maps the generator's raw outputs to encoded values.
  public enum Activation: String, Sendable, Codable {
    /// A scalar on the whole line.
    case linear
    /// A scalar in -1...1.
    case tanh
    /// A scalar in 0...1.
    case sigmoid
    /// Probabilities of `width` exclusive categories: real rows hold a one-hot vector here.
    case softmax
  }
  /// Index of the table's column this span belongs to.
  public var column: Int
  /// First position in the encoded row.
  public var offset: Int
  /// The number of positions: 1 for a scalar, else the number of categories.
  public var width: Int
  /// The activation of all its positions.
  public var activation: Activation
  /// Whether they are the column's own categories (and not, say, a mixture's modes), so that
  /// a conditional sampler may condition on it.
  public var isCategory: Bool

  /// The positions `offset ..< offset + width` of an encoded row.
  public init(
    column: Int, offset: Int, width: Int, activation: Activation, isCategory: Bool = false
  ) {
    self.column = column
    self.offset = offset
    self.width = width
    self.activation = activation
    self.isCategory = isCategory
  }
}
