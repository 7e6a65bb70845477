/// How long to train: by epochs, by time, or (both nil) the preset's number of epochs.
///
/// A run bounded by time ends at a step that depends on the machine, so only runs bounded by epochs
/// reproduce bit for bit.
public struct TrainingBudget: Sendable, Equatable {
  public var epochs: Int?
  public var minutes: Double?

  public init(epochs: Int? = nil, minutes: Double? = nil) {
    self.epochs = epochs
    self.minutes = minutes
  }
}
