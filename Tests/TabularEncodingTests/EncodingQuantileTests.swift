// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

@Suite struct EncodingQuantileTests {
  private static let cents = NumberFormat(style: .shortest, decimals: 2)
  private static let whole = NumberFormat(style: .shortest, decimals: 0)

  private func amounts(_ rows: Int, decimals: Int) -> [Double] {
    var random = SampleRandom(seed: 5)
    return (0..<rows).map { _ in
      EncodingSamples.rounded(20 + 9 * random.normal(), decimals)
    }
  }

  @Test(arguments: [QuantileOutput.normal, .uniform])
  func tiesComeBack(_ output: QuantileOutput) throws {
    var random = SampleRandom()
    let values = (0..<20_000).map { _ in 2.5 + 0.5 * (40 * random.uniform()).rounded(.down) }
    let encoder = try QuantileEncoder(fitting: values, format: Self.cents, output: output)
    #expect(try encoder.roundTrip(values) == values, "\(output)")
  }

  @Test(arguments: [QuantileOutput.normal, .uniform], [0, 1, 2, 3])
  func gridsComeBack(_ output: QuantileOutput, decimals: Int) throws {
    // 3,000 rows of some thousand values: too few rows to a value for steps.
    let values = amounts(3000, decimals: decimals)
    let encoder = try QuantileEncoder(
      fitting: values, format: NumberFormat(style: .shortest, decimals: decimals), output: output)
    #expect(try encoder.roundTrip(values) == values, "\(output), \(decimals) decimals")
  }

  @Test func measurementsComeBackWithinAKnot() throws {
    var random = SampleRandom(seed: 3)
    let values = (0..<20_000).map { _ in exp(random.normal()) }
    let encoder = try QuantileEncoder(fitting: values)
    let back = try encoder.roundTrip(values)
    let sorted = values.sorted()
    for (value, result) in zip(values, back) {
      #expect(abs(value - result) <= 1e-4 * value, "\(value) came back as \(result)")
    }
    #expect(back.max() == sorted.last && back.min() == sorted.first)
    #expect(kolmogorovSmirnov(values, back) <= 1e-3)
  }

  /// The scalars are what a network learns: they must look normal, or uniform, ties and all.
  @Test(arguments: [1, 4000], [QuantileOutput.normal, .uniform])
  func scalarsFollowTheirDistribution(distinct: Int, output: QuantileOutput) throws {
    var random = SampleRandom(seed: 9)
    let values = (0..<16_000).map { _ in
      (Double(3 + distinct) * random.uniform() * random.uniform()).rounded(.down)
    }
    let encoder = try QuantileEncoder(fitting: values, format: Self.whole, output: output)
    let scalars = try encoder.scalars(values).map(Double.init)
    let n = 16_000.0
    let ideal = (0..<16_000).map { i -> Double in
      let rank = (Double(i) + 0.5) / n
      return output == .uniform ? 2 * rank - 1 : normalQuantile(rank)
    }
    let distance = kolmogorovSmirnov(scalars, ideal)
    #expect(distance <= 0.015, "\(distinct) and more values, \(output)")
  }

  private func normalQuantile(_ rank: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle * 0.5.squareRoot()) < rank { low = middle } else { high = middle }
    }
    return low
  }

  /// A generator that draws from the encoded distribution must get the column's own one.
  @Test(arguments: [2, 0])
  func normalScalarsBecomeTheColumn(decimals: Int) throws {
    let values = amounts(8000, decimals: decimals)
    let encoder = try QuantileEncoder(
      fitting: values, format: NumberFormat(style: .shortest, decimals: decimals))
    let generated = (0..<8000).map { i -> Double in
      var scalar = Float(normalQuantile((Double(i) + 0.5) / 8000))
      return encoder.inverse(&scalar)
    }
    let distance = kolmogorovSmirnov(values, generated)
    #expect(distance <= 2e-3, "\(decimals) decimals")
  }

  /// The generator's output has no bounds.
  @Test(arguments: [-Float.infinity, -1e30, -6, 0, 6, 1e30, Float.infinity])
  func anyScalarGivesAValueOfTheRange(_ scalar: Float) throws {
    for rows in [1, 2, 5, 3000] {
      let values = amounts(rows, decimals: 1)
      let encoder = try QuantileEncoder(fitting: values, format: Self.cents)
      var scalar = scalar
      let value = encoder.inverse(&scalar)
      #expect(
        value >= values.min()! && value <= values.max()!, "\(scalar) among \(rows): \(value)")
    }
  }

  @Test func smallTablesAreInterpolated() throws {
    // Generated values of a column of 500 different ones must not all be real ones.
    let values = amounts(500, decimals: 6)
    let encoder = try QuantileEncoder(fitting: values)
    let real = Set(values)
    let between = (0..<1000).count { i in
      var scalar = Float(i) / 500 - 1
      return !real.contains(encoder.inverse(&scalar))
    }
    #expect(between > 900)
  }

  @Test func unseenValuesTakeTheNearestPosition() throws {
    let steps = try QuantileEncoder(fitting: [1, 1, 1, 1, 5, 5, 5, 5], format: Self.whole)
    #expect(try steps.roundTrip([-3, 1, 4, 5, 90]) == [1, 1, 1, 5, 5])
    let knots = try QuantileEncoder(fitting: [1, 2, 4], format: Self.whole)
    #expect(try knots.roundTrip([-3, 3, 90]) == [1, 3, 4])
  }

  @Test func seedsMoveValuesWithinTheirTieOnly() throws {
    let values = amounts(5000, decimals: 0)
    let encoder = try QuantileEncoder(fitting: values, format: Self.whole)
    let (a, b) = (try encoder.scalars(values, seed: 1), try encoder.scalars(values, seed: 2))
    #expect(a != b)
    #expect(try encoder.scalars(values, seed: 1) == a)
    #expect(try encoder.roundTrip(values, seed: 2) == values)
    // A row's place does not depend on the rows after it.
    #expect(try encoder.scalars(Array(values.prefix(100)), seed: 1) == Array(a.prefix(100)))
  }

  @Test(arguments: [[], [Double.nan], [1, .infinity]])
  func nothingToLearn(_ values: [Double]) {
    #expect(throws: TabularError.self) { try QuantileEncoder(fitting: values) }
    #expect(throws: TabularError.self) { try ModeSpecificEncoder(fitting: values) }
    #expect(throws: TabularError.self) { try MinMaxEncoder(fitting: values) }
  }
}
