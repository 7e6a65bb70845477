/// A score of the synthetic rows beside its two anchors, measured on equally many rows.
public struct Anchored<Score: Sendable & Codable & Equatable>: Sendable, Codable, Equatable {
  /// The score of the synthetic rows.
  public var synthetic: Score
  /// The score of real rows instead of synthetic ones: the value to aim for.
  public var floor: Score
  /// The score of train columns shuffled independently: perfect columns, no relations at all.
  ///
  /// Nil where it would say nothing.
  public var control: Score?

  init(synthetic: Score, floor: Score, control: Score? = nil) {
    self.synthetic = synthetic
    self.floor = floor
    self.control = control
  }

  func map<Other>(_ transform: (Score) -> Other) -> Anchored<Other> {
    Anchored<Other>(
      synthetic: transform(synthetic), floor: transform(floor), control: control.map(transform))
  }
}
