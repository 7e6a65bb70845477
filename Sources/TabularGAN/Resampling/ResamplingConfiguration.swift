/// How generated rows are chosen among candidates by a density ratio (``DensityRatio``).
public struct ResamplingConfiguration: Sendable, Codable, Equatable {
  /// Generated rows among which each sampled row is chosen.
  public var candidates: Int
  /// Units of each hidden layer of the network that estimates the ratio.
  public var hidden: [Int]
  /// The most passes over the real rows in which it learns (of 50 to 400 steps each); it stops when
  /// it no longer gets better on rows that were held out.
  public var passes: Int
  public var learningRate: Float
  public var dropout: Float
  /// Bins of each scalar that it is shown beside its value (``PiecewiseLinearEncoding``), 0 for none.
  public var bins: Int
  /// Rows that are chosen on trial to correct the margins of generated tables: at most as many as the
  /// table has, and fewer for tables of very many columns; 0 for no correction.
  public var rakingRows: Int

  public init(
    candidates: Int, hidden: [Int], passes: Int, learningRate: Float, dropout: Float,
    bins: Int, rakingRows: Int
  ) {
    self.candidates = candidates
    self.hidden = hidden
    self.passes = passes
    self.learningRate = learningRate
    self.dropout = dropout
    self.bins = bins
    self.rakingRows = rakingRows
  }

  func validate() throws(TrainingError) {
    guard candidates > 0 else {
      throw .configuration("there must be at least one candidate for a row, not \(candidates)")
    }
    guard hidden.allSatisfy({ $0 > 0 }), passes > 0, learningRate > 0, (0..<1).contains(dropout),
      bins >= 0, rakingRows >= 0
    else { throw .configuration("the estimator of the density ratio needs positive settings") }
  }
}
