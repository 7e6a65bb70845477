import Charts
import Tabular

/// The map of arrows from pickup to dropoff, real beside generated.
struct TripMap {
  private let columns: [String]
  /// Trips on each map.
  static let trips = 1500

  /// Nil for a table without the four coordinates.
  init?(_ table: Table) {
    let wanted = ["pickup_longitude", "pickup_latitude", "dropoff_longitude", "dropoff_latitude"]
    let found = wanted.compactMap { name in
      table.columns.first { $0.name.lowercased() == name && $0.numbers != nil }?.name
    }
    guard found.count == wanted.count else { return nil }
    columns = found
  }

  /// A map of the first ``trips`` rows that have a place for both ends.
  func panel(_ title: String, _ table: Table) -> ArrowMap.Panel {
    let numbers = columns.compactMap { table[$0]?.numbers }
    guard numbers.count == columns.count else { return .init(title, arrows: []) }
    var arrows: [ArrowMap.Arrow] = []
    for row in 0..<table.rowCount where arrows.count < Self.trips {
      let place = numbers.map { $0[row] }
      // 0 is how the devices wrote that they had no fix.
      guard place.allSatisfy({ $0.isFinite && $0 != 0 }) else { continue }
      arrows.append(
        ArrowMap.Arrow(
          fromLongitude: place[0], fromLatitude: place[1], toLongitude: place[2],
          toLatitude: place[3]))
    }
    return .init(title, arrows: arrows)
  }

  /// The maps, all within the bounds of the first, each with the share of its trips that are.
  func svg(_ panels: [ArrowMap.Panel]) -> String {
    let bounds = ArrowMap.Bounds(of: panels.first?.arrows ?? [])
    let titled = panels.map { panel in
      let within = panel.arrows.count { bounds.holds($0) }
      let share = Double(within) / Double(max(panel.arrows.count, 1))
      return ArrowMap.Panel(
        "\(panel.title): \(NumberText.percent(share)) on the map", arrows: panel.arrows)
    }
    return ArrowMap(
      "Trips from pickup to dropoff",
      subtitle: "\(NumberText.grouped(Self.trips)) on each map; rows without coordinates are left "
        + "out; a line across a map belongs to a trip that begins and ends beside it",
      panels: titled, bounds: bounds, mostArrows: Self.trips
    ).svg()
  }
}

extension ArrowMap.Bounds {
  /// Whether a trip begins and ends within them.
  fileprivate func holds(_ arrow: ArrowMap.Arrow) -> Bool {
    longitude.contains(arrow.fromLongitude) && longitude.contains(arrow.toLongitude)
      && latitude.contains(arrow.fromLatitude) && latitude.contains(arrow.toLatitude)
  }
}
