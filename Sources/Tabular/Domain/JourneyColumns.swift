// SPDX-License-Identifier: Apache-2.0

/// The coordinate columns of the two ends of a journey, in degrees.
public struct JourneyColumns: Sendable, Equatable {
  /// The lower-case names of a location's columns.
  public struct End: Sendable, Equatable {
    /// The column of degrees east.
    public var longitude: String
    /// The column of degrees north.
    public var latitude: String

    /// A location given by two columns.
    public init(longitude: String, latitude: String) {
      self.longitude = longitude
      self.latitude = latitude
    }
  }

  /// Where journeys begin.
  public var start: End
  /// Where journeys end.
  public var end: End

  /// A journey between two locations.
  public init(start: End, end: End) {
    self.start = start
    self.end = end
  }

  /// All names: the start's longitude and latitude, then the end's.
  public var names: [String] { [start.longitude, start.latitude, end.longitude, end.latitude] }
}
