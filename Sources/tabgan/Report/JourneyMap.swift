// SPDX-License-Identifier: Apache-2.0

import Charts
import Tabular

/// Maps with an arrow for each journey, real beside generated.
struct JourneyMap {
  /// What the maps show.
  let caption: String
  private let columns: [String]
  /// Arrows on each map.
  static let arrows = 1500

  /// Nil for a table whose rows are not journeys of a known domain.
  init?(_ table: Table) {
    guard let (domain, columns) = Domains.journey(in: table) else { return nil }
    self.columns = columns
    caption = domain.journeySummary
  }

  /// A map of the first ``arrows`` rows with coordinates of both ends.
  func panel(_ title: String, _ table: Table) -> ArrowMap.Panel {
    let numbers = columns.compactMap { table[$0]?.numbers }
    guard numbers.count == columns.count else { return .init(title, arrows: []) }
    var arrows: [ArrowMap.Arrow] = []
    for row in 0..<table.rowCount where arrows.count < Self.arrows {
      let coordinates = numbers.map { $0[row] }
      // 0 is how the devices wrote that they had no fix.
      guard coordinates.allSatisfy({ $0.isFinite && $0 != 0 }) else { continue }
      arrows.append(
        ArrowMap.Arrow(
          fromLongitude: coordinates[0], fromLatitude: coordinates[1], toLongitude: coordinates[2],
          toLatitude: coordinates[3]))
    }
    return .init(title, arrows: arrows)
  }

  /// The maps, all within the bounds of the first, each with the share of its journeys within them.
  func svg(_ panels: [ArrowMap.Panel]) -> String {
    let bounds = ArrowMap.Bounds(of: panels.first?.arrows ?? [])
    let titled = panels.map { panel in
      let within = panel.arrows.count { bounds.holds($0) }
      let share = Double(within) / Double(max(panel.arrows.count, 1))
      return ArrowMap.Panel(
        "\(panel.title): \(NumberText.percent(share)) on the map", arrows: panel.arrows)
    }
    return ArrowMap(
      "Journeys from start to end",
      subtitle: "\(NumberText.grouped(Self.arrows)) on each map; rows without coordinates are left "
        + "out; a line across a map belongs to a journey that starts and ends outside of it",
      panels: titled, bounds: bounds, maxArrows: Self.arrows
    ).svg()
  }
}

extension ArrowMap.Bounds {
  /// Whether a journey starts and ends within them.
  fileprivate func holds(_ arrow: ArrowMap.Arrow) -> Bool {
    longitude.contains(arrow.fromLongitude) && longitude.contains(arrow.toLongitude)
      && latitude.contains(arrow.fromLatitude) && latitude.contains(arrow.toLatitude)
  }
}
