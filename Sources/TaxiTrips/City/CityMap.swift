// SPDX-License-Identifier: Apache-2.0

/// Land and water of New York City: tells in O(1) where a point lies.
///
/// A raster of about 170 x 220 m cells, filled once from the outlines of the land, answers for
/// cells that no shore crosses; a point in a cell on the shore is tested against the outlines.
public struct CityMap: Sendable {
  /// What a point stands on.
  public enum Region: UInt8, Sendable, CaseIterable {
    /// Manhattan and the islands that belong to it.
    case manhattan
    /// The Bronx.
    case bronx
    /// Brooklyn and Queens, which share one outline, with the Rockaways.
    case brooklynAndQueens
    /// Staten Island.
    case statenIsland
    /// New Jersey.
    case newJersey
    /// The rivers, the bays and the harbor.
    case water
    /// Anywhere else: the suburbs, the ocean, the other side of the Earth.
    case elsewhere

    /// Whether the place belongs to New York City's land.
    public var isCity: Bool {
      switch self {
      case .manhattan, .bronx, .brooklynAndQueens, .statenIsland: true
      case .newJersey, .water, .elsewhere: false
      }
    }
  }

  /// Where what is no land is water.
  ///
  /// Outside of it nothing is known of the shores.
  public static let waters = GeographicBox(longitudes: -74.25 ... -73.75, latitudes: 40.5...40.91)

  private struct Land {
    let region: Region
    let points: [GeographicPoint]
    let box: GeographicBox
  }

  private static let cellLongitude = 0.002
  private static let cellLatitude = 0.002
  private static let mixed: UInt8 = .max

  private let lands: [Land]
  private let columns: Int
  private let rows: Int
  private var cells: [UInt8]

  /// The map of the city; costs a few milliseconds.
  public init() {
    let outlines: [(Region, [GeographicPoint])] = [
      (.manhattan, Shoreline.manhattan), (.manhattan, Shoreline.randallsIsland),
      (.manhattan, Shoreline.governorsIsland), (.manhattan, Shoreline.rooseveltIsland),
      (.bronx, Shoreline.bronx), (.brooklynAndQueens, Shoreline.brooklynAndQueens),
      (.brooklynAndQueens, Shoreline.rockaway), (.statenIsland, Shoreline.statenIsland),
      (.newJersey, Shoreline.newJersey), (.elsewhere, Shoreline.westchester),
    ]
    lands = outlines.map { region, points in
      let longitudes = points.map(\.longitude)
      let latitudes = points.map(\.latitude)
      return Land(
        region: region, points: points,
        box: GeographicBox(
          longitudes: longitudes.min()!...longitudes.max()!,
          latitudes: latitudes.min()!...latitudes.max()!))
    }
    let box = Self.waters
    let width = box.longitudes.upperBound - box.longitudes.lowerBound
    let height = box.latitudes.upperBound - box.latitudes.lowerBound
    columns = Int((width / Self.cellLongitude).rounded(.up))
    rows = Int((height / Self.cellLatitude).rounded(.up))
    cells = [UInt8](repeating: Region.water.rawValue, count: columns * rows)
    // Backwards: where outlines overlap at a border, the first in the list wins, as in `land`.
    for land in lands.reversed() { fill(land) }
    for land in lands { markShore(of: land) }
  }

  /// Where the point lies.
  ///
  /// A coordinate that is NaN lies `elsewhere`. O(1) but near a shore, where
  /// it is O(vertices of the outlines around).
  public func region(longitude: Double, latitude: Double) -> Region {
    guard Self.waters.contains(longitude: longitude, latitude: latitude) else {
      return land(longitude: longitude, latitude: latitude) ?? .elsewhere
    }
    let column = Int((longitude - Self.waters.longitudes.lowerBound) / Self.cellLongitude)
    let row = Int((latitude - Self.waters.latitudes.lowerBound) / Self.cellLatitude)
    let cell = cells[min(row, rows - 1) * columns + min(column, columns - 1)]
    if cell != Self.mixed { return Region(rawValue: cell)! }
    return land(longitude: longitude, latitude: latitude) ?? .water
  }

  /// Where the point lies by the outlines alone: what the raster must agree with.
  package func exactRegion(longitude: Double, latitude: Double) -> Region {
    let known = Self.waters.contains(longitude: longitude, latitude: latitude)
    return land(longitude: longitude, latitude: latitude) ?? (known ? .water : .elsewhere)
  }

  /// The first outline around the point.
  private func land(longitude: Double, latitude: Double) -> Region? {
    lands.first { Self.contains($0, longitude: longitude, latitude: latitude) }?.region
  }

  /// The even-odd rule on the outline.
  private static func contains(_ land: Land, longitude: Double, latitude: Double) -> Bool {
    guard land.box.contains(longitude: longitude, latitude: latitude) else { return false }
    var inside = false
    land.points.withUnsafeBufferPointer { points in
      var previous = points[points.count - 1]
      for point in points {
        if (point.latitude > latitude) != (previous.latitude > latitude) {
          let crossing =
            point.longitude + (latitude - point.latitude)
            / (previous.latitude - point.latitude) * (previous.longitude - point.longitude)
          if longitude < crossing { inside.toggle() }
        }
        previous = point
      }
    }
    return inside
  }

  /// Gives the land's place to the cells whose center it covers, scan line by scan line.
  private mutating func fill(_ land: Land) {
    let box = Self.waters
    for row in 0..<rows {
      let latitude = box.latitudes.lowerBound + (Double(row) + 0.5) * Self.cellLatitude
      guard land.box.latitudes.contains(latitude) else { continue }
      var crossings: [Double] = []
      var previous = land.points[land.points.count - 1]
      for point in land.points {
        if (point.latitude > latitude) != (previous.latitude > latitude) {
          crossings.append(
            point.longitude + (latitude - point.latitude)
              / (previous.latitude - point.latitude) * (previous.longitude - point.longitude))
        }
        previous = point
      }
      crossings.sort()
      for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
        let first = ((crossings[pair] - box.longitudes.lowerBound) / Self.cellLongitude - 0.5)
          .rounded(.up)
        let last = ((crossings[pair + 1] - box.longitudes.lowerBound) / Self.cellLongitude - 0.5)
          .rounded(.down)
        let from = max(0, Int(first))
        let through = min(columns - 1, Int(last))
        guard from <= through else { continue }
        for column in from...through { cells[row * columns + column] = land.region.rawValue }
      }
    }
  }

  /// Marks the cells that an outline crosses, and those around them, as mixed.
  private mutating func markShore(of land: Land) {
    let box = Self.waters
    var previous = land.points[land.points.count - 1]
    for point in land.points {
      let length = max(
        abs(point.longitude - previous.longitude) / Self.cellLongitude,
        abs(point.latitude - previous.latitude) / Self.cellLatitude)
      // Two steps a cell: no crossed cell is farther than one cell from a step.
      let steps = max(1, Int((2 * length).rounded(.up)))
      for step in 0...steps {
        let t = Double(step) / Double(steps)
        let longitude = previous.longitude + t * (point.longitude - previous.longitude)
        let latitude = previous.latitude + t * (point.latitude - previous.latitude)
        let column = Int(
          ((longitude - box.longitudes.lowerBound) / Self.cellLongitude).rounded(.down))
        let row = Int(((latitude - box.latitudes.lowerBound) / Self.cellLatitude).rounded(.down))
        for r in row - 1...row + 1 where r >= 0 && r < rows {
          for c in column - 1...column + 1 where c >= 0 && c < columns {
            cells[r * columns + c] = Self.mixed
          }
        }
      }
      previous = point
    }
  }
}
