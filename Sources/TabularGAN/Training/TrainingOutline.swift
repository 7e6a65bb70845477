// SPDX-License-Identifier: Apache-2.0

/// The size and form of a training run, as needed for a progress display or a figure.
public struct TrainingOutline: Sendable, Codable, Equatable {
  /// Rows of the table.
  public var rows: Int
  /// Positions of an encoded row.
  public var encodedWidth: Int
  /// Components of the generator's noise.
  public var noiseWidth: Int
  /// Positions of the condition vector; 0 without conditioning.
  public var conditionWidth: Int
  /// One line a layer, first to last, such as "Dense 128 → 256, batch norm, ReLU".
  public var generatorLayers: [String]
  /// The same for the discriminator.
  public var discriminatorLayers: [String]
  /// Learned weights of the generator.
  public var generatorParameters: Int
  /// Learned weights of the discriminator.
  public var discriminatorParameters: Int
  /// Rows of real data in a step.
  public var batchSize: Int
  /// Steps in an epoch.
  public var batchesPerEpoch: Int
}
