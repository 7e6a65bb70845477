// SPDX-License-Identifier: Apache-2.0

/// An airport with trips of its own tariff or toll.
public enum Airport: String, Sendable, Codable, CaseIterable {
  /// John F. Kennedy International, Queens: a flat fare from and to Manhattan.
  case jfk = "JFK"
  /// LaGuardia, Queens: the meter's fare, nearly always with a bridge or tunnel toll.
  case laGuardia = "LaGuardia"
  /// Newark Liberty, New Jersey: the meter's fare with a surcharge.
  case newark = "Newark"

  /// The box around the terminals, the holding lots and the last stretch of the access road.
  public var box: GeographicBox {
    switch self {
    case .jfk: GeographicBox(longitudes: -73.83 ... -73.755, latitudes: 40.62...40.668)
    case .laGuardia: GeographicBox(longitudes: -73.892 ... -73.854, latitudes: 40.764...40.783)
    case .newark: GeographicBox(longitudes: -74.195 ... -74.165, latitudes: 40.675...40.71)
    }
  }

  /// The airport whose box holds the point, or nil.
  public static func at(longitude: Double, latitude: Double) -> Airport? {
    allCases.first { $0.box.contains(longitude: longitude, latitude: latitude) }
  }
}
