/// How far the fitting of an encoder is.
public struct FittingProgress: Sendable, Equatable {
  public enum Stage: String, Sendable {
    /// Relations between columns are searched for.
    case relations
    /// Encoders are fitted to columns.
    case columns
    /// Rare levels are joined to groups, and derived features are chosen.
    case features
  }

  public let stage: Stage
  /// The share of the stage that is done, 0...1.
  public let share: Double
}
