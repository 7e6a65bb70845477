// SPDX-License-Identifier: Apache-2.0

import Foundation
import TabularEncoding

/// The place that a latitude and a longitude by rank (``ConditionalRank``) stand for in an encoded
/// row, in kilometers from an origin, with its derivative.
struct SoftLocation {
  private let latitude: SoftValue
  private let rank: SoftValue
  private let relation: ConditionalRank
  private let origin: DerivedFeatures.Origin
  /// Kilometers of a degree of longitude, at the origin's latitude.
  private let kilometersEast: Float
  private static let kilometersNorth: Float = 111.2

  struct Result {
    var east: Float
    var north: Float
    var presence: Float
  }

  /// What the gradient needs to know of an evaluation.
  struct Trace {
    fileprivate var latitude: SoftValue.Result
    fileprivate var rank: SoftValue.Result
    fileprivate var slope: Float
  }

  /// - Parameter latitude: degrees from the origin's.
  init(
    latitude: SoftValue, rank: SoftValue, relation: ConditionalRank, origin: DerivedFeatures.Origin
  ) {
    self.latitude = latitude
    self.rank = rank
    self.relation = relation
    self.origin = origin
    kilometersEast = Self.kilometersNorth * Float(cos(origin.latitude * .pi / 180))
  }

  func evaluate(_ row: UnsafePointer<Float>) -> (result: Result, trace: Trace) {
    let latitude = latitude.evaluate(row)
    let rank = rank.evaluate(row)
    let (longitude, slope) = relation.interpolated(
      rank: Double(rank.value), given: Double(latitude.value) + origin.latitude)
    return (
      Result(
        east: Float(longitude - origin.longitude) * kilometersEast,
        north: latitude.value * Self.kilometersNorth,
        presence: latitude.presence * rank.presence),
      Trace(latitude: latitude, rank: rank, slope: Float(slope))
    )
  }

  /// Adds to the gradient by the row what the gradient by the result comes to. The band of a
  /// latitude is taken as given.
  func addGradient(
    _ gradient: Result, trace: Trace, at row: UnsafePointer<Float>,
    to rowGradient: UnsafeMutablePointer<Float>
  ) {
    latitude.addGradient(
      SoftValue.Result(
        value: gradient.north * Self.kilometersNorth,
        presence: gradient.presence * trace.rank.presence),
      at: row, to: rowGradient)
    rank.addGradient(
      SoftValue.Result(
        value: gradient.east * kilometersEast * trace.slope,
        presence: gradient.presence * trace.latitude.presence),
      at: row, to: rowGradient)
  }
}
