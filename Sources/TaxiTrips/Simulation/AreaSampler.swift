// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom

/// Draws points of the areas: on avenues and streets, with the scatter of a satellite fix between
/// high buildings, and never in the water.
struct AreaSampler: Sendable {
  /// Whether the trip begins or ends at the point: cabs are hailed on avenues, and stop at doors.
  enum End: Sendable { case pickup, dropoff }

  private enum Kind { case avenues, lattice, district, terminals }

  /// An area's layout as plain numbers.
  ///
  /// `origin` and the bearing give its own axes, `uptown` and
  /// `across` the bounds in them, in meters.
  private struct Plan {
    var kind: Kind
    var region: CityMap.Region
    var origin: GeographicPoint
    var sine: Double
    var cosine: Double
    var uptown: ClosedRange<Double>
    var across: ClosedRange<Double>
    var spread: Double
    /// The lattice's own bearing against the axes of a quarter.
    var turnSine = 0.0
    var turnCosine = 1.0
    /// The widest of the area's streets, or NaN.
    var mainStreet = Double.nan
    /// Range of the area's lines in `lines`, or of its terminals in `terminals`.
    var items: Range<Int>
    var fallback: GridPoint
  }

  private struct Line {
    var position: Double
    var cumulativeWeight: Double
  }

  private let map: CityMap
  private let plans: [Plan]
  private let lines: [Line]
  private let terminals: [GeographicPoint]

  init(areas: [CityArea], map: CityMap) {
    var lines: [Line] = []
    var terminals: [GeographicPoint] = []
    plans = areas.map { area in
      let manhattan = StreetGrid.origin
      let fallback = GridPoint(area.center)
      func plan(
        _ kind: Kind, _ origin: GeographicPoint, _ bearing: Double,
        _ uptown: ClosedRange<Double>, _ across: ClosedRange<Double>, _ spread: Double,
        _ items: Range<Int>
      ) -> Plan {
        Plan(
          kind: kind, region: area.region, origin: origin, sine: sin(bearing * .pi / 180),
          cosine: cos(bearing * .pi / 180), uptown: uptown, across: across, spread: spread,
          items: items, fallback: fallback)
      }
      switch area.layout {
      case .avenues(let uptown, let across, let weights):
        let first = lines.count
        let total = weights.reduce(0) { $0 + $1.1 }
        var sum = 0.0
        for (avenue, weight) in weights {
          sum += weight / total
          lines.append(Line(position: avenue.rawValue, cumulativeWeight: sum))
        }
        var avenues = plan(
          .avenues, manhattan, StreetGrid.bearing, uptown, across, 0, first..<lines.count)
        avenues.mainStreet =
          StreetGrid.mainStreets.map(StreetGrid.street).first { uptown.contains($0) } ?? .nan
        return avenues
      case .quarter(let uptown, let across, let bearing):
        var quarter = plan(.lattice, manhattan, StreetGrid.bearing, uptown, across, 0, 0..<0)
        let turn = (bearing - StreetGrid.bearing) * .pi / 180
        quarter.turnSine = sin(turn)
        quarter.turnCosine = cos(turn)
        return quarter
      case .district(let longitude, let latitude, let spread, let bearing):
        let reach = 2.6 * spread
        return plan(
          .district, GeographicPoint(longitude: longitude, latitude: latitude), bearing,
          -reach...reach, -reach...reach, spread, 0..<0)
      case .terminals(let points, let spread):
        let first = terminals.count
        terminals += points
        return plan(
          .terminals, area.center, 0, 0...0, 0...0, spread, first..<terminals.count)
      }
    }
    self.map = map
    self.lines = lines
    self.terminals = terminals
  }

  /// A point of the area on its own land.
  func draw(area: Int, end: End, _ random: inout RowRandom) -> GridPoint {
    let plan = plans[area]
    // Near a shore some tries fall into the water; sixteen failures in a row are as good as never.
    for _ in 0..<16 {
      let point = GridPoint(candidate(plan, end, &random))
      let region = map.region(longitude: point.longitude, latitude: point.latitude)
      if region == plan.region { return point }
    }
    return plan.fallback
  }

  private func candidate(
    _ plan: Plan, _ end: End, _ random: inout RowRandom
  ) -> GeographicPoint {
    var uptown: Double
    var across: Double
    switch plan.kind {
    case .terminals:
      // The first terminals of the list have the most trips.
      let pick = min(random.index(below: plan.items.count), random.index(below: plan.items.count))
      let terminal = terminals[plan.items.lowerBound + pick]
      return GeographicPoint(
        longitude: terminal.longitude + random.normal() * plan.spread
          / StreetGrid.metersPerLongitude,
        latitude: terminal.latitude + random.normal() * plan.spread / StreetGrid.metersPerLatitude)
    case .district:
      repeat { uptown = random.normal() * plan.spread } while !plan.uptown.contains(uptown)
      repeat { across = random.normal() * plan.spread } while !plan.across.contains(across)
    case .avenues, .lattice:
      uptown = random.uniform(plan.uptown.lowerBound, plan.uptown.upperBound)
      across = random.uniform(plan.across.lowerBound, plan.across.upperBound)
    }
    if plan.kind == .lattice {
      (uptown, across) = (
        uptown * plan.turnCosine + across * plan.turnSine,
        across * plan.turnCosine - uptown * plan.turnSine
      )
    }
    let onAvenue = end == .pickup ? 0.72 : 0.54
    let onStreet = end == .pickup ? 0.22 : 0.38
    let r = random.uniform()
    if r < onAvenue {
      if plan.kind == .avenues {
        // The remainder of r is uniform again.
        let u = r / onAvenue
        var item = plan.items.lowerBound
        while item < plan.items.upperBound - 1 && u >= lines[item].cumulativeWeight { item += 1 }
        across = lines[item].position
      } else {
        across = Self.snap(across, to: plan.kind == .lattice ? 125 : 190)
      }
      across += scatter(&random)
    } else if r < onAvenue + onStreet {
      if !plan.mainStreet.isNaN && random.chance(0.3) {
        uptown = plan.mainStreet
      } else {
        // Counted from 14th Street, so that the plan's streets lie where they are.
        let first = plan.kind == .avenues ? StreetGrid.street(14) : 0
        uptown = first + Self.snap(uptown - first, to: StreetGrid.block)
      }
      uptown += scatter(&random)
    }
    if plan.kind == .lattice {
      (uptown, across) = (
        uptown * plan.turnCosine - across * plan.turnSine,
        across * plan.turnCosine + uptown * plan.turnSine
      )
    }
    let x = uptown * plan.sine + across * plan.cosine
    let y = uptown * plan.cosine - across * plan.sine
    return GeographicPoint(
      longitude: plan.origin.longitude + x / StreetGrid.metersPerLongitude,
      latitude: plan.origin.latitude + y / StreetGrid.metersPerLatitude)
  }

  private static func snap(_ value: Double, to spacing: Double) -> Double {
    (value / spacing).rounded() * spacing
  }

  /// Meters off the middle of the road: half its width, and now and then a bad fix.
  private func scatter(_ random: inout RowRandom) -> Double {
    random.normal() * (random.chance(0.75) ? 10 : 28)
  }
}

/// A point in whole millionths of a degree, as it is written.
struct GridPoint: Equatable {
  var microLongitude: Int32
  var microLatitude: Int32

  /// What a device without a fix reports.
  static let zero = GridPoint(microLongitude: 0, microLatitude: 0)

  init(microLongitude: Int32, microLatitude: Int32) {
    self.microLongitude = microLongitude
    self.microLatitude = microLatitude
  }

  init(_ point: GeographicPoint) {
    microLongitude = Int32((point.longitude * 1e6).rounded())
    microLatitude = Int32((point.latitude * 1e6).rounded())
  }

  package var longitude: Double { Double(microLongitude) / 1e6 }
  var latitude: Double { Double(microLatitude) / 1e6 }
}
