// SPDX-License-Identifier: Apache-2.0

/// A quantity that an analyst computes from several columns, such as a speed.
public struct EngineeredFeature: Sendable, Equatable {
  /// A short name.
  public var name: String
  /// One value per row, NaN where it cannot be computed.
  public var values: [Double]

  /// A feature with one value per row.
  public init(name: String, values: [Double]) {
    self.name = name
    self.values = values
  }
}
