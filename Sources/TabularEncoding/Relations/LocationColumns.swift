// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// The names of the two columns of a place.
package struct LocationColumns: Sendable, Codable, Equatable {
  package let latitude: String
  package let longitude: String

  package var names: [String] { [latitude, longitude] }

  /// The place whose longitude is encoded as a rank given its latitude.
  package init(_ rank: ConditionalRank) {
    latitude = rank.given
    longitude = rank.target
  }

  /// Degrees; nil where the table does not have the columns.
  package func values(in table: Table) -> (latitudes: [Double], longitudes: [Double])? {
    guard let latitudes = table[latitude]?.numbers?.array,
      let longitudes = table[longitude]?.numbers?.array
    else { return nil }
    return (latitudes, longitudes)
  }

  private static let kilometersPerDegree = 111.2

  /// The straight line of each row from this place to another, kilometers on a flat Earth; NaN
  /// where either is missing or has the latitude 0, as missing places are often written. O(rows).
  package func straightLine(to other: LocationColumns, in table: Table) -> [Double]? {
    guard let (south, west) = values(in: table), let (north, east) = other.values(in: table) else {
      return nil
    }
    return south.indices.map { row in
      guard south[row] != 0, north[row] != 0 else { return .nan }
      let up = Self.kilometersPerDegree * (north[row] - south[row])
      let across =
        Self.kilometersPerDegree * cos(south[row] * .pi / 180) * (east[row] - west[row])
      return (up * up + across * across).squareRoot()
    }
  }
}
