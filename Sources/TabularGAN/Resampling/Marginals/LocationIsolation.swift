// SPDX-License-Identifier: Apache-2.0

import Foundation
import TabularEncoding
import Tabular
import SeededRandom

/// How isolated a place is: the distance to the nearest learned row, relative to the distance
/// within which some twenty of them are, and how far those are. In a river, a park or a block
/// between streets the nearest row is about as far away as the twentieth; where places lie close
/// together, hardly ever.
///
/// A learned row does not count as near itself, so that the distribution of this number is one that
/// new rows of the same source have (Good, "The population frequencies of species", 1953): places
/// that lie closer to learned ones than that are corrected as well as those that lie too far off.
public struct LocationIsolation: Sendable, Codable, Equatable {
  private let area: LocationGrid

  /// The place of the marginal.
  var location: LocationColumns { area.location }
  /// Learned places, known to about ten meters in a city: two coordinates each, in steps.
  private let positions: [Int32]
  private let tree: LocationTree

  /// Places of a table with more rows are evenly spaced ones.
  private static let maxLocations = 65_536
  /// Nearest places that are looked at.
  private static let neighbors = 20
  /// Steps in the longer side of the area.
  private static let steps = 65_536
  /// A learned place is moved by up to this many steps either way, so that a model does not tell
  /// where exactly somebody was; nothing is said of what lies closer together.
  private static let blur = 4
  /// Cells of the relative distance, and of how far the twentieth is by powers of two.
  private static let ratios = 20
  private static let maxOctave = 12

  /// - Returns: nil where the table does not have the columns, or too few places.
  init?(_ location: LocationColumns, in table: Table) {
    guard let area = LocationGrid(location, in: table, rowsPerCell: 1),
      let points = Self.points(of: table, in: area)
    else { return nil }
    let known = Self.known(of: points)
    guard known.count > Self.neighbors else { return nil }
    self.area = area
    positions = known.enumerated().flatMap { number, row in
      var random = RowRandom(seed: 0, row: number)
      let (x, y) = points[row]
      return [x, y].map { Int32($0) + Int32(random.index(below: 2 * Self.blur + 1) - Self.blur) }
    }
    tree = Self.tree(positions)
  }

  private static func tree(_ positions: [Int32]) -> LocationTree {
    LocationTree(
      stride(from: 0, to: positions.count, by: 2)
        .map { (Float(positions[$0]), Float(positions[$0 + 1])) })
  }

  /// The rows that are known by their places, in the order of the tree's points.
  private static func known(of points: [(x: Float, y: Float)]) -> [Int] {
    let inside = points.indices.filter { !points[$0].x.isNaN }
    let count = min(inside.count, maxLocations)
    return (0..<count).map { inside[$0 * inside.count / count] }
  }

  /// Where the rows are in steps from the area's corner, eastward and northward as far apart as on
  /// the ground; NaN outside the area. Nil where the table does not have the columns.
  private static func points(of table: Table, in area: LocationGrid) -> [(x: Float, y: Float)]? {
    guard let (latitudes, longitudes) = area.location.values(in: table) else { return nil }
    let narrowing = area.narrowing
    let (height, width) = (
      area.height * Double(area.rows), area.width * Double(area.columns) * narrowing
    )
    let scale = Double(steps) / max(height, width)
    return zip(latitudes, longitudes).map { latitude, longitude in
      guard area.contains(latitude: latitude, longitude: longitude) else { return (.nan, .nan) }
      return (
        Float(scale * narrowing * (longitude - area.west)), Float(scale * (latitude - area.south))
      )
    }
  }

  /// For each row a number of its cell, which goes down with the relative distance and up with the
  /// twentieth's; NaN outside the area. Nil where the rows do not have the columns.
  /// O(rows x log places).
  package func values(in rows: CountedRows) -> [Double]? {
    guard let points = Self.points(of: rows.table, in: area) else { return nil }
    var ownIndices: [Int: Int32] = [:]
    if rows.areLearned {
      for (point, row) in Self.known(of: points).enumerated() { ownIndices[row] = Int32(point) }
    }
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.neighbors) { squares in
      points.indices.map { row in
        let (x, y) = points[row]
        guard !x.isNaN else { return .nan }
        tree.nearest(x: x, y: y, excluding: ownIndices[row], into: squares)
        let far = squares[Self.neighbors - 1].squareRoot()
        guard far > Float(Self.blur) else { return Double(Self.ratios - 1) }
        let ratio = min(Int(Float(Self.ratios) * squares[0].squareRoot() / far), Self.ratios - 1)
        let octave = min(Int(log2(far / Float(Self.blur))), Self.maxOctave)
        return Double(octave * Self.ratios + Self.ratios - 1 - ratio)
      }
    }
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool { area.isValid && tree.count > Self.neighbors }
}

extension LocationIsolation {
  private enum CodingKeys: CodingKey { case area, positions }

  /// Decodes the locations and builds their tree again. O(locations log locations).
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    area = try container.decode(LocationGrid.self, forKey: .area)
    positions = try container.decode([Int32].self, forKey: .positions)
    guard positions.count.isMultiple(of: 2) else {
      throw DecodingError.dataCorruptedError(
        forKey: .positions, in: container, debugDescription: "a place has two coordinates")
    }
    tree = Self.tree(positions)
  }

  /// Encodes the grid and the locations, without the tree.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(area, forKey: .area)
    try container.encode(positions, forKey: .positions)
  }
}
