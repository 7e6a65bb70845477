// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularGAN
import TabularEncoding

/// Marginals of places and of what lies between them.
@Suite struct LocationMarginalTests {
  /// Trips between places on both sides of a river, along streets: never shorter than 1.2 times the
  /// straight line.
  private func trips(rows: Int, seed: UInt64, isDry: Bool = true) throws -> Table {
    var random = SampleRandom(seed: seed)
    func location() -> (latitude: Double, longitude: Double) {
      while true {
        let (a, b) = (random.uniform(), random.uniform())
        if isDry, abs(a - 0.5) < 0.06 { continue }
        return (40.7 + 0.1 * b, -74 + 0.1 * a)
      }
    }
    var columns: [String: [Double]] = [:]
    for _ in 0..<rows {
      let (from, to) = (location(), location())
      let north = 111.2 * (to.latitude - from.latitude)
      let east = 111.2 * cos(from.latitude * .pi / 180) * (to.longitude - from.longitude)
      let line = (north * north + east * east).squareRoot()
      columns["pickup_latitude", default: []].append(from.latitude)
      columns["pickup_longitude", default: []].append(from.longitude)
      columns["dropoff_latitude", default: []].append(to.latitude)
      columns["dropoff_longitude", default: []].append(to.longitude)
      columns["distance", default: []].append(line * (1.2 + 0.3 * random.uniform()))
    }
    return try Table(
      columns: columns.sorted { $0.key < $1.key }
        .map { Column(name: $0.key, values: .number($0.value)) })
  }

  private func marginals(of table: Table) throws -> [Marginal] {
    let schema = EncodingSamples.schema(of: table, decimals: 9)
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1)
    return MarginalSubject.all(
      of: table, schema: schema, encoder: encoder,
      derived: try DerivedFeatures.fitted(to: table, encoder: encoder, seed: 1, threads: 2)
    )
    .filter {
      switch $0 {
      case .location, .isolation, .excess: true
      default: false
      }
    }
    .compactMap { Marginal($0, of: CountedRows(table: table, areLearned: true)) }
  }

  private func shares(_ marginal: Marginal, _ table: Table, areLearned: Bool = false) -> [Double] {
    var shares = [Double](repeating: 0, count: marginal.cellCount)
    for cell in marginal.cells(of: CountedRows(table: table, areLearned: areLearned)) {
      shares[Int(cell)] += 1 / Double(table.rowCount)
    }
    return shares
  }

  private func totalVariation(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
  }

  @Test func cellsOfALocationAreNear() throws {
    let table = try trips(rows: 20_000, seed: 3)
    let marginals = try marginals(of: table).filter {
      if case .location = $0.subject { true } else { false }
    }
    #expect(marginals.count == 2)
    for (marginal, end) in zip(marginals, ["dropoff", "pickup"]) {
      #expect(!marginal.subject.isPaired)
      var bounds: [UInt16: (latitude: ClosedRange<Double>, longitude: ClosedRange<Double>)] = [:]
      let locations = zip(
        table[end + "_latitude"]!.numbers!, table[end + "_longitude"]!.numbers!)
      let cells = marginal.cells(of: CountedRows(table: table))
      for (cell, location) in zip(cells, locations) where Int(cell) < marginal.cellCount - 1 {
        let known = bounds[cell] ?? (location.0...location.0, location.1...location.1)
        bounds[cell] = (
          min(known.latitude.lowerBound, location.0)...max(known.latitude.upperBound, location.0),
          min(known.longitude.lowerBound, location.1)...max(known.longitude.upperBound, location.1)
        )
      }
      // 312 cells on twice the places' span, 20 by 15.
      #expect(bounds.count > 60)
      #expect(
        bounds.values.allSatisfy {
          $0.latitude.upperBound - $0.latitude.lowerBound < 0.0125
            && $0.longitude.upperBound - $0.longitude.lowerBound < 0.013
        })
      #expect(cells.count { Int($0) < marginal.cellCount - 1 } == table.rowCount)
    }
  }

  private func isolations(of table: Table) throws -> [Marginal] {
    try marginals(of: table).filter { if case .isolation = $0.subject { true } else { false } }
  }

  /// Rows that were not learned have the distribution of those that were; places in the river and
  /// copies do not.
  @Test func isolationRevealsTheRiverAndCopies() throws {
    let table = try trips(rows: 20_000, seed: 3)
    let marginals = try isolations(of: table)
    #expect(marginals.count == 2)
    let (fresh, wet) = (
      try trips(rows: 20_000, seed: 4), try trips(rows: 20_000, seed: 5, isDry: false)
    )
    for marginal in marginals {
      let learned = shares(marginal, table, areLearned: true)
      let cells = learned.count { $0 > 0 }
      #expect(cells > 20)
      // What cells of 20,000 rows differ by, by chance.
      let chance = 0.5 * (2 * Double(cells) / 20_000).squareRoot()
      #expect(totalVariation(learned, shares(marginal, fresh)) < chance)
      #expect(totalVariation(learned, shares(marginal, wet)) > 0.05 + chance)
      // Copies: all are nearest to themselves.
      #expect(totalVariation(shares(marginal, table), shares(marginal, fresh)) > 0.5)
    }
  }

  /// A place more isolated than any learned one is sorted to the most isolated, never to others.
  @Test func theMostIsolatedLocationsStayTogether() throws {
    let table = try trips(rows: 20_000, seed: 3)
    // In the middle of the river.
    let wet = try Table(
      columns: table.columns.map { column in
        column.name.hasSuffix("longitude")
          ? Column(name: column.name, values: .number(Array(repeating: -73.95, count: 20_000)))
          : column
      })
    for marginal in try isolations(of: table) {
      let learned = shares(marginal, table, areLearned: true)
      let found = shares(marginal, wet)
      // 666 m from both banks, where the twentieth place on land is 700 m away at most: cells that
      // next to no learned row is in.
      let share = found.indices.filter { found[$0] > 0 }.reduce(0) { $0 + learned[$1] }
      #expect(share < 0.002, "\(share)")
    }
  }

  /// An area may be a line, to rounding.
  @Test func locationsAlongAParallelHaveMarginals() throws {
    let table = try trips(rows: 2_000, seed: 3)
    let flat = try Table(
      columns: table.columns.map { column in
        let values = column.numbers!.array
        return switch column.name.split(separator: "_").last {
        case "latitude": Column(name: column.name, values: .number(values.map { 40 + $0 * 1e-12 }))
        case "longitude":
          Column(name: column.name, values: .number(values.map { ($0 + 74) * 3000 }))
        default: column
        }
      })
    for marginal in try isolations(of: flat) {
      let cells = marginal.cells(of: CountedRows(table: flat, areLearned: true))
      #expect(Set(cells).count > 5 && cells.allSatisfy { Int($0) < marginal.cellCount })
    }
  }

  /// Places outside the grid are counted with the cell on its edge that is nearest.
  @Test func locationsOutsideAreOnTheEdge() throws {
    let table = try trips(rows: 2_000, seed: 3)
    let marginal = try #require(
      try marginals(of: table).first { if case .location = $0.subject { true } else { false } })
    func cell(_ latitude: Double, _ longitude: Double) throws -> UInt16 {
      let columns = ["dropoff_latitude": latitude, "dropoff_longitude": longitude]
      return marginal.cells(
        of: CountedRows(
          table: try Table(
            columns: columns.map { Column(name: $0.key, values: .number([$0.value])) })))[0]
    }
    #expect(try cell(40.68, -80) == cell(40.68, -75))
    #expect(try cell(40.68, -80) != cell(40.82, -80))
    #expect(try cell(40.68, -80) != cell(40.68, -60))
    #expect(try cell(0, 0) == cell(-90, 180))
    #expect(try Int(cell(.nan, -74)) == marginal.cellCount - 1)
  }

  @Test func excessRevealsInfeasibleDistances() throws {
    let table = try trips(rows: 20_000, seed: 3)
    let marginals = try marginals(of: table).filter {
      if case .excess = $0.subject { true } else { false }
    }
    let marginal = try #require(marginals.first)
    #expect(marginals.count == 1)
    var short = table
    short = try Table(
      columns: table.columns.map { column in
        column.name == "distance"
          ? Column(name: "distance", values: .number(column.numbers!.map { 0.7 * $0 })) : column
      })
    let lowest = shares(marginal, table)[0]
    #expect(lowest > 0 && lowest < 0.01)
    // All but those of a few hundred meters.
    #expect(shares(marginal, short)[0] > 0.9)
  }

  @Test func locationsAreStored() throws {
    let table = try trips(rows: 2_000, seed: 3)
    for marginal in try marginals(of: table) {
      let data = try JSONEncoder().encode(marginal)
      let again = try JSONDecoder().decode(Marginal.self, from: data)
      #expect(again == marginal)
      #expect(
        again.cells(of: CountedRows(table: table)) == marginal.cells(of: CountedRows(table: table)))
    }
    let locations = try marginals(of: table).filter {
      if case .location = $0.subject { true } else { false }
    }
    let json = String(decoding: try JSONEncoder().encode(locations[0]), as: UTF8.self)
    let damaged = json.replacing(/"height":[0-9.e-]+/, with: "\"height\":-1")
    #expect(damaged != json)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Marginal.self, from: Data(damaged.utf8))
    }
    // Rows without the columns have no place.
    let other = try Table(columns: [Column(name: "y", values: .number([1, 2]))])
    #expect(
      locations[0].cells(of: CountedRows(table: other))
        == Array(repeating: UInt16(locations[0].cellCount - 1), count: 2))
  }
}
