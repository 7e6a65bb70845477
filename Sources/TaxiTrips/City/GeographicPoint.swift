// SPDX-License-Identifier: Apache-2.0

/// A place on Earth in degrees (WGS 84).
public struct GeographicPoint: Sendable, Equatable {
  /// Degrees east; west is negative.
  public var longitude: Double
  /// Degrees north.
  public var latitude: Double

  /// A point from its coordinates in degrees.
  public init(longitude: Double, latitude: Double) {
    self.longitude = longitude
    self.latitude = latitude
  }
}

/// A rectangle of meridians and parallels, its edges included.
public struct GeographicBox: Sendable, Equatable {
  /// Degrees east, from the western to the eastern edge.
  public var longitudes: ClosedRange<Double>
  /// Degrees north, from the southern to the northern edge.
  public var latitudes: ClosedRange<Double>

  /// A box from its edges in degrees.
  public init(longitudes: ClosedRange<Double>, latitudes: ClosedRange<Double>) {
    self.longitudes = longitudes
    self.latitudes = latitudes
  }

  /// Whether the point lies in the box; a coordinate that is NaN lies nowhere.
  public func contains(longitude: Double, latitude: Double) -> Bool {
    longitudes.contains(longitude) && latitudes.contains(latitude)
  }
}
