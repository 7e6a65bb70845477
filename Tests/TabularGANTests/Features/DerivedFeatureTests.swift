// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding
import TabularGAN

/// What a discriminator is shown beside a row.
@Suite struct DerivedFeatureTests {
  /// Trips between places, with the distance driven, a charge by the distance, the time, and a fare
  /// by both but for flat ones.
  private func journeys(rows: Int) throws -> (table: Table, encoder: TableEncoder) {
    var random = SampleRandom(seed: 5)
    var columns: [String: [Double]] = [:]
    for row in 0..<rows {
      let from = (40.7 + 0.03 * random.normal(), -73.98 + 0.03 * random.normal())
      let to = (from.0 + 0.02 * random.normal(), from.1 + 0.02 * random.normal())
      let line = straightLine(from, to)
      let distance = EncodingSamples.rounded(line * (1.1 + 0.4 * random.uniform()) + 0.05, 2)
      columns["a_latitude", default: []].append(row % 50 == 0 ? 0 : from.0)
      columns["a_longitude", default: []].append(row % 50 == 0 ? 0 : from.1)
      columns["b_latitude", default: []].append(to.0)
      columns["b_longitude", default: []].append(to.1)
      columns["distance", default: []].append(distance)
      columns["charge", default: []]
        .append(row % 40 == 0 ? 52 : EncodingSamples.rounded(3 + distance * 1.8, 2))
      let time = EncodingSamples.rounded(distance * (2 + 3 * random.uniform()), 1)
      columns["time", default: []].append(time)
      columns["fare", default: []]
        .append(row % 30 == 7 ? 52 : ((2 + 1.7 * distance + 0.5 * time) * 2).rounded() / 2)
      columns["unrelated", default: []].append(random.uniform())
    }
    let table = try Table(
      columns: columns.sorted { $0.key < $1.key }.map {
        Column(name: $0.key, values: .number($0.value))
      })
    let schema = EncodingSamples.schema(of: table, decimals: 7)
    return (
      table,
      try TableEncoder.fit(table: table, schema: schema, configuration: .standard, seed: 1)
    )
  }

  private func derived(_ table: Table, _ encoder: TableEncoder) throws -> DerivedFeatures {
    try DerivedFeatures.fitted(to: table, encoder: encoder, seed: 1, threads: 2)
  }

  private func straightLine(_ a: (Double, Double), _ b: (Double, Double)) -> Double {
    let north = 111.2 * (b.0 - a.0)
    let east = 111.2 * cos(40.7 * .pi / 180) * (b.1 - a.1)
    return (north * north + east * east).squareRoot()
  }

  private func expanded(_ table: Table, _ encoder: TableEncoder) throws -> [Float] {
    let encoded = try encoder.transform(table, seed: 1)
    var rows = [Float](repeating: 0, count: table.rowCount * encoder.width)
    rows.withUnsafeMutableBufferPointer {
      encoded.expand(rows: Array(0..<table.rowCount)[...], into: $0, stride: encoder.width)
    }
    return rows
  }

  @Test func featuresAreFoundAndStandardized() throws {
    let (table, encoder) = try journeys(rows: 4000)
    let derived = try derived(table, encoder)
    let names = derived.labels
    #expect(names.contains("size(a_longitude - b_longitude)"), "\(names)")
    #expect(names.contains("ratio(distance, a_longitude - b_longitude)"), "\(names)")
    #expect(!names.contains { $0.contains("unrelated") }, "\(names)")
    let map = try #require(derived.map(in: encoder))
    #expect(map.count == names.count)
    let rows = try expanded(table, encoder)
    var features = [Float](repeating: .nan, count: table.rowCount * map.count)
    map.evaluate(
      rows, count: table.rowCount, stride: encoder.width, into: &features,
      featureStride: map.count)
    for index in 0..<map.count {
      let values = stride(from: index, to: features.count, by: map.count).map {
        Double(features[$0])
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let spread = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
      #expect(abs(mean) < 0.1, "\(names[index]): mean \(mean)")
      #expect(spread > 0.5 && spread < 1.1, "\(names[index]): deviation \(spread)")
    }
    // A row without a place has no distance.
    let size = try #require(names.firstIndex(of: "size(a_longitude - b_longitude)"))
    #expect(features[size] == 0)
  }

  /// The order of rows by the feature must be that of the ratio computed from the table itself.
  @Test func ratiosAreThoseOfTheTable() throws {
    let (table, encoder) = try journeys(rows: 4000)
    let derived = try derived(table, encoder)
    let map = try #require(derived.map(in: encoder))
    let rows = try expanded(table, encoder)
    let index = try #require(
      derived.labels.firstIndex(of: "ratio(distance, a_longitude - b_longitude)"))
    var features = [Float](repeating: .nan, count: table.rowCount * map.count)
    map.evaluate(
      rows, count: table.rowCount, stride: encoder.width, into: &features,
      featureStride: map.count)
    func column(_ name: String, _ row: Int) -> Double { table[name]!.numbers![row] }
    var (agreeing, pairs) = (0, 0)
    var last: (ratio: Double, feature: Float)?
    for row in 0..<table.rowCount where column("a_latitude", row) != 0 {
      let line = straightLine(
        (column("a_latitude", row), column("a_longitude", row)),
        (column("b_latitude", row), column("b_longitude", row)))
      guard line > 1 else { continue }
      let now = (ratio: column("distance", row) / line, feature: features[row * map.count + index])
      if let last, abs(last.ratio - now.ratio) > 0.05 {
        pairs += 1
        if (last.ratio < now.ratio) == (last.feature < now.feature) { agreeing += 1 }
      }
      last = now
    }
    #expect(pairs > 1000)
    #expect(Double(agreeing) > 0.97 * Double(pairs), "\(agreeing) of \(pairs)")
  }

  /// What a fare is beyond the tariff: within its rounding, but for flat fares.
  @Test func residualsAreThoseOfTheTable() throws {
    let (table, encoder) = try journeys(rows: 4000)
    let derived = try derived(table, encoder)
    let names = derived.labels
    let index = try #require(
      names.firstIndex {
        $0.hasPrefix("residual(") && ["fare", "time", "distance"].allSatisfy($0.contains)
      }, "\(names)")
    let map = try #require(derived.map(in: encoder))
    var features = [Float](repeating: .nan, count: table.rowCount * map.count)
    map.evaluate(
      try expanded(table, encoder), count: table.rowCount, stride: encoder.width, into: &features,
      featureStride: map.count)
    func column(_ name: String, _ row: Int) -> Double { table[name]!.numbers![row] }
    let beyond = (0..<table.rowCount).map { row in
      abs(column("fare", row) - 2 - 1.7 * column("distance", row) - 0.5 * column("time", row))
    }
    let sizes = (0..<table.rowCount).map { abs(Double(features[$0 * map.count + index])) }
    let usual = zip(beyond, sizes).filter { $0.0 <= 0.25 }.map(\.1).sorted()
    let flat = zip(beyond, sizes).filter { $0.0 > 5 }.map(\.1).sorted()
    #expect(usual.count > 3500 && flat.count > 80)
    // The least of the flat fares are further off than nearly all others.
    #expect(
      flat[flat.count / 20] > usual[usual.count * 19 / 20],
      "\(flat[flat.count / 20]), \(usual[usual.count * 19 / 20])")
  }

  /// Against differences, at rows with soft categories as a generator makes them. What is decoded
  /// is linear in pieces, and a longitude jumps where its latitude comes into another band: so on
  /// one side at least.
  @Test func gradientsAgreeWithDifferences() throws {
    let (table, encoder) = try journeys(rows: 4000)
    let derived = try derived(table, encoder)
    let map = try #require(derived.map(in: encoder))
    var random = SampleRandom(seed: 8)
    let width = encoder.width
    let step: Float = 1.0 / 4096
    for _ in 0..<20 {
      var row = [Float](repeating: 0, count: width)
      for span in encoder.spans {
        if span.activation == .softmax {
          let weights = (0..<span.width).map { _ in Float(random.uniform() + 0.05) }
          let total = weights.reduce(0, +)
          for (category, weight) in weights.enumerated() {
            row[span.offset + category] = weight / total
          }
        } else {
          row[span.offset] = Float(random.normal())
        }
      }
      let upstream = (0..<map.count).map { _ in Float(random.normal()) }
      var gradient = [Float](repeating: 0, count: width)
      map.addGradient(
        upstream, featureStride: map.count, at: row, count: 1, stride: width, to: &gradient,
        gradientStride: width)
      func loss(_ row: [Float]) -> Double {
        var features = [Float](repeating: 0, count: map.count)
        map.evaluate(row, count: 1, stride: width, into: &features, featureStride: map.count)
        return zip(features, upstream).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      for position in 0..<width {
        var (above, below) = (row, row)
        above[position] += step
        below[position] -= step
        let here = loss(row)
        let differences = [
          (loss(above) - here) / Double(step), (here - loss(below)) / Double(step),
        ]
        // 2^-22 of values around 4 over a step of 2^-12, and the curvature of asinh.
        let isRight = differences.contains { difference in
          abs(Double(gradient[position]) - difference) <= 0.03 + 0.03 * abs(difference)
        }
        if !isRight {
          Issue.record(
            "\(encoder.positionLabels[position]): \(gradient[position]) against \(differences)")
        }
      }
    }
  }

  @Test func encodersWithFeaturesAreStored() throws {
    let (table, encoder) = try journeys(rows: 1000)
    let derived = try derived(table, encoder)
    #expect(derived.count > 0)
    #expect(derived.problem(in: encoder) == nil)
    let data = try JSONEncoder().encode(derived)
    #expect(try JSONDecoder().decode(DerivedFeatures.self, from: data) == derived)
    let text = String(decoding: data, as: UTF8.self)
    let broken = text.replacingOccurrences(
      of: "\"column\":\"distance\"", with: "\"column\":\"distances\"")
    #expect(broken != text)
    let renamed = try JSONDecoder().decode(DerivedFeatures.self, from: Data(broken.utf8))
    #expect(renamed.problem(in: encoder)?.contains("column") == true)
    let flat = text.replacing(/"spread":[0-9.e-]+/, with: "\"spread\":0")
    #expect(flat != text)
    let constant = try JSONDecoder().decode(DerivedFeatures.self, from: Data(flat.utf8))
    #expect(constant.problem(in: encoder) != nil)
  }

  /// Settled rows decode to the same table, and settling does nothing to real rows. With other
  /// encoders of quantities features that need one plain scalar are left out, and what is fitted
  /// can be stored.
  @Test(
    arguments: [EncodingConfiguration.Numeric.modeSpecific, .minMax, .quantile], [true, false])
  func otherEncodersAreStored(numeric: EncodingConfiguration.Numeric, pointMasses: Bool) throws {
    let (table, _) = try journeys(rows: 1000)
    var configuration = EncodingConfiguration.standard
    configuration.numeric = numeric
    configuration.separatesPointMasses = pointMasses
    let encoder = try TableEncoder.fit(
      table: table, schema: EncodingSamples.schema(of: table, decimals: 7),
      configuration: configuration, seed: 1)
    let derived = try derived(table, encoder)
    let map = try #require(derived.map(in: encoder))
    #expect(map.count == derived.count)
    #expect(map.count > 0 || numeric != .quantile)
    let json = try JSONEncoder().encode(derived)
    let back = try JSONDecoder().decode(DerivedFeatures.self, from: json)
    #expect(back == derived)
  }

  @Test func discretizationKeepsTheValues() throws {
    let (table, encoder) = try journeys(rows: 500)
    let width = encoder.width
    var real = try expanded(table, encoder)
    let before = real
    real.withUnsafeMutableBufferPointer { encoder.discretize($0, count: 500, stride: width) }
    #expect(real == before)

    var random = SampleRandom(seed: 2)
    var made = (0..<500 * width).map { _ in Float(random.uniform()) }
    func decoded(_ rows: [Float]) throws -> Table {
      try rows.withUnsafeBufferPointer {
        try encoder.inverse($0, count: 500, stride: width, seed: 1)
      }
    }
    let values = try decoded(made)
    made.withUnsafeMutableBufferPointer { encoder.discretize($0, count: 500, stride: width) }
    #expect(try decoded(made) == values)
    for span in encoder.spans where span.activation == .softmax {
      let sum = made[span.offset..<span.offset + span.width].reduce(0, +)
      #expect(sum == 1)
    }
  }
}
