// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Manhattan's street grid as a plane of meters: one axis along the avenues, one along the streets.
///
/// The plane is the tangent at 40.75° N 73.98° W, turned by the grid's bearing; over the city its
/// distances are right to 0.2 %. Bearing and avenues were read off the sharp peaks that pickups
/// make in this frame.
package enum StreetGrid {
  /// Degrees that the avenues lean east of north.
  static let bearing = 28.95
  /// Meters between numbered streets.
  static let block = 80.0
  /// Meters in one mile.
  static let mile = 1609.344

  static let origin = GeographicPoint(longitude: -73.98, latitude: 40.75)
  static let metersPerLongitude = 84_336.0
  static let metersPerLatitude = 111_049.0
  private static let sine = sin(bearing * .pi / 180)
  private static let cosine = cos(bearing * .pi / 180)

  /// Meters uptown along the avenues and meters east along the streets.
  package struct Position {
    package var uptown: Double
    package var across: Double
  }

  /// The grid's frame with its two constants at hand, for loops.
  package struct Frame: Sendable {
    private let sine = StreetGrid.sine
    private let cosine = StreetGrid.cosine

    package init() {}

    package func position(_ point: GeographicPoint) -> Position {
      let x = (point.longitude - origin.longitude) * metersPerLongitude
      let y = (point.latitude - origin.latitude) * metersPerLatitude
      return Position(uptown: x * sine + y * cosine, across: x * cosine - y * sine)
    }

    func point(_ position: Position) -> GeographicPoint {
      let x = position.uptown * sine + position.across * cosine
      let y = position.uptown * cosine - position.across * sine
      return GeographicPoint(
        longitude: origin.longitude + x / metersPerLongitude,
        latitude: origin.latitude + y / metersPerLatitude)
    }
  }

  /// Where a numbered street crosses the uptown axis, in meters.
  package static func street(_ number: Double) -> Double { -1910 + block * (number - 14) }

  /// The wide streets, a few of them in most bands of the model, downtown first.
  static let mainStreets: [Double] = [
    14, 23, 34, 42, 50, 57, 66, 72, 79, 86, 96, 106, 116, 125, 145,
  ]

  /// Where the avenues cross the other axis, in meters.
  package enum Avenue: Double, CaseIterable {
    case riverside = -1925
    case westEnd = -1805
    case tenth = -1655
    case ninth = -1385
    case eighth = -1107
    case seventh = -845
    case sixth = -567
    case fifth = -255
    case madison = -97
    case park = 55
    case lexington = 215
    case third = 368
    case second = 585
    case first = 815
    case york = 1035
    case eastEnd = 1250
  }
}
