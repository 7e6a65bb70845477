// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom

/// Which area a trip goes from and to: for every part of the week a table of pairs of areas.
///
/// A gravity model: weight(a, b) = pickups(a) x dropoffs(b) x deterrence(distance), balanced by
/// iterative proportional fitting (Deming and Stephan 1940) so that the areas' shares of pickups
/// and of dropoffs hold.
struct TripFlows: Sendable {
  private let tables: [AliasTable]
  private let areaCount: Int

  init(areas: [CityArea]) {
    areaCount = areas.count
    let frame = StreetGrid.Frame()
    let centers = areas.map { frame.position($0.center) }
    tables = PartOfDay.allCases.map { part in
      var affinity = [Double](repeating: 0, count: areas.count * areas.count)
      for (i, from) in areas.enumerated() {
        for (j, to) in areas.enumerated() {
          let apart =
            abs(centers[i].uptown - centers[j].uptown) + abs(centers[i].across - centers[j].across)
          let meters = i == j ? from.extent : max(apart, (from.extent + to.extent) / 3)
          // Short trips are walked: an area keeps fewer of its own than nearness alone would give.
          affinity[i * areas.count + j] =
            Self.affinity(from: from, to: to, meters: meters, reach: part.reach)
            * (i == j ? 0.6 : 1)
        }
      }
      return Self.balanced(
        affinity,
        pickups: areas.map { $0.pickups * $0.pickupLevels[part.rawValue] },
        dropoffs: areas.map { $0.dropoffs * $0.dropoffLevels[part.rawValue] })
    }
  }

  /// Indices of the areas a trip begins and ends in.
  func draw(_ part: PartOfDay, _ random: inout RowRandom) -> (from: Int, to: Int) {
    let pair = tables[part.rawValue].draw(&random)
    return (pair / areaCount, pair % areaCount)
  }

  private static func affinity(
    from: CityArea, to: CityArea, meters: Double, reach: Double
  ) -> Double {
    if from.airport != nil || to.airport != nil {
      // The distance of an airport does not matter; its passengers go home to the boroughs more
      // than riders from Manhattan do, and hardly between terminals.
      if from.airport != nil && to.airport != nil { return from.airport == to.airport ? 0.9 : 0.2 }
      if from.airport != nil { return to.region == .manhattan ? 0.65 : 1 }
      if to.airport == .newark { return from.region == .manhattan ? 1 : 0.05 }
      return 1
    }
    let local = exp(-meters / reach) + 0.06 * exp(-meters / 7000)
    // A river in between: the boroughs' own short trips belong to the green cabs and the subway.
    return from.region == to.region ? local : 0.55 * local + 0.0015
  }

  private static func balanced(
    _ affinity: [Double], pickups: [Double], dropoffs: [Double]
  ) -> AliasTable {
    let n = pickups.count
    let scale = pickups.reduce(0, +) / dropoffs.reduce(0, +)
    var rowFactor = [Double](repeating: 1, count: n)
    var columnFactor = [Double](repeating: 1, count: n)
    // Thirty rounds bring the shares to within 1 % of what is asked; more changes nothing visible.
    for _ in 0..<30 {
      for i in 0..<n {
        var sum = 0.0
        for j in 0..<n { sum += affinity[i * n + j] * columnFactor[j] }
        rowFactor[i] = pickups[i] / sum
      }
      for j in 0..<n {
        var sum = 0.0
        for i in 0..<n { sum += affinity[i * n + j] * rowFactor[i] }
        columnFactor[j] = dropoffs[j] * scale / sum
      }
    }
    var weights = affinity
    for i in 0..<n {
      for j in 0..<n { weights[i * n + j] *= rowFactor[i] * columnFactor[j] }
    }
    return AliasTable(weights: weights)
  }
}

extension PartOfDay {
  /// Meters over which trips thin out to a third: streets are empty at night, subways rare.
  fileprivate var reach: Double {
    switch self {
    case .weekdayNight, .weekendNight: 3000
    case .weekdayLate, .weekendLate: 2600
    default: 1950
    }
  }
}
