/// The size and form of a training run, as needed for a progress display or a figure.
public struct TrainingOutline: Sendable, Codable, Equatable {
  /// Rows of the table.
  public var rows: Int
  /// Positions of an encoded row.
  public var encodedWidth: Int
  public var noiseWidth: Int
  /// Positions of the condition vector; 0 without conditioning.
  public var conditionWidth: Int
  /// One line a layer, first to last, such as "Dense 128 → 256, batch norm, ReLU".
  public var generatorLayers: [String]
  public var discriminatorLayers: [String]
  public var generatorParameters: Int
  public var discriminatorParameters: Int
  public var batchSize: Int
  public var batchesPerEpoch: Int
}
