// SPDX-License-Identifier: Apache-2.0

/// How generated rows are chosen among candidates by a density ratio (``DensityRatio``).
public struct ResamplingConfiguration: Sendable, Codable, Equatable {
  /// Generated rows among which each sampled row is chosen, at most.
  public var candidates: Int
  /// The valid numbers of candidates.
  public static let possibleCandidates = 1...4096

  /// A density ratio counts at most this many times the mean. A greater cap lets rows follow the
  /// ratio further, but fewer candidates are accepted.
  public var ratioCap: Double

  /// Units of each hidden layer of the network that estimates the ratio.
  public var hidden: [Int]
  /// The most epochs in which it learns (of 50 to 400 steps each); it stops when
  /// it no longer gets better on rows that were held out.
  public var epochs: Int
  /// Adam's step size for the network that estimates the ratio.
  public var learningRate: Float
  /// Share of its hidden units switched off in a training step, 0..<1.
  public var dropout: Float
  /// Bins of each scalar that it is shown beside its value (``PiecewiseLinearEncoding``), 0 for
  /// none.
  public var bins: Int
  /// Rows for which candidates are made on trial (6 each) to correct the marginals of generated
  /// tables: at most as many as the table has, and fewer for tables of very many columns; 0 for no
  /// correction.
  public var rakingRows: Int

  /// A configuration; ``SynthesizerConfiguration/validate()`` checks it.
  public init(
    candidates: Int, ratioCap: Double, hidden: [Int], epochs: Int, learningRate: Float,
    dropout: Float,
    bins: Int, rakingRows: Int
  ) {
    self.candidates = candidates
    self.ratioCap = ratioCap
    self.hidden = hidden
    self.epochs = epochs
    self.learningRate = learningRate
    self.dropout = dropout
    self.bins = bins
    self.rakingRows = rakingRows
  }

  /// Throws if a value is out of bounds.
  func validate() throws(TrainingError) {
    typealias Bounds = SettingBounds
    try Bounds.require(candidates, in: Self.possibleCandidates, "resampling.candidates")
    try Bounds.require(ratioCap, in: 1...1000, "resampling.ratioCap")
    try Bounds.requireLayers(hidden, "resampling.hidden")
    try Bounds.require(epochs, in: 1...100_000, "resampling.epochs")
    try Bounds.require(learningRate, in: Bounds.learningRates, "resampling.learningRate")
    try Bounds.require(dropout, in: 0..<1, "resampling.dropout")
    try Bounds.require(bins, in: 0...1024, "resampling.bins")
    try Bounds.require(rakingRows, in: 0...16_777_216, "resampling.rakingRows")
  }
}
