// SPDX-License-Identifier: Apache-2.0

/// How one kind of location is distributed over areas that matter in a domain.
public struct LocationShares: Sendable, Equatable {
  /// The share of an area.
  public struct Area: Sendable, Equatable {
    /// The area's name, short enough for a table header.
    public var name: String
    /// Share of the locations, in percent.
    public var percent: Double

    /// A share in percent of an area.
    public init(name: String, percent: Double) {
      self.name = name
      self.percent = percent
    }
  }

  /// The kind of location, such as "starts".
  public var name: String
  /// The shares, in the same order for every table.
  public var areas: [Area]

  /// The shares of one kind of location.
  public init(name: String, areas: [Area]) {
    self.name = name
    self.areas = areas
  }
}
