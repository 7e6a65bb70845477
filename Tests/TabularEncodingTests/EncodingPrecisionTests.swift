// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

/// Values that are not all rounded to the same step.
@Suite struct EncodingPrecisionTests {
  /// Kinds of columns: the distribution, and the rounding.
  enum Shape: String, CaseIterable {
    case uniform, heavyTail, outlier, tiny, denormal, huge, repeated, mixedSigns

    func draw(_ random: inout SampleRandom) -> Double {
      let u = random.uniform()
      return switch self {
      case .uniform: 20 + 80 * u
      case .heavyTail: pow(u + 1e-9, -1.5)
      case .outlier: u < 0.001 ? 1e12 : random.uniform()
      case .tiny: 1e-9 * u
      case .denormal: u < 0.3 ? 5e-324 * (20 * random.uniform()).rounded() : u * 1e-310
      case .huge: u < 0.5 ? 1e300 * random.uniform() : -1e300 * random.uniform()
      case .repeated: u < 0.4 ? 0.07 : (10 * random.uniform()).rounded()
      case .mixedSigns: 100 * (u - 0.5)
      }
    }
  }

  private static func decimals(_ value: Double) -> Int {
    let text = "\(value)"
    guard !text.contains("e"), let point = text.firstIndex(of: ".") else { return 0 }
    return text.hasSuffix(".0") ? 0 : text.distance(from: point, to: text.endIndex) - 1
  }

  private static func significantDigits(_ value: Double) -> Int {
    let mantissa = "\(abs(value))".split(separator: "e")[0].filter { $0 != "." }
    let digits = mantissa.drop { $0 == "0" }
    return digits.reversed().drop { $0 == "0" }.count
  }

  /// As many generated values as real ones, from the scalars of a perfect generator.
  private static func generated(_ column: [Double], format: NumberFormat?) throws -> [Double] {
    let table = try Table(columns: [Column(name: "x", values: .number(column))])
    var schema = SchemaInference.infer(table)
    schema.columns[0].kind = .continuous
    schema.columns[0].pointMasses = []
    schema.columns[0].numberFormat = format ?? NumberFormat(style: .shortest, decimals: 17)
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1)
    let stored = try JSONDecoder().decode(
      TableEncoder.self, from: JSONEncoder().encode(encoder))
    return try stored.roundTrip(table)["x"]!.numbers!.array
  }

  @Test(arguments: Shape.allCases, [0, 1, 2, 3, 4, 5])
  func anyMixtureCanBeStoredAndStaysInRange(_ shape: Shape, mixture: Int) throws {
    for rows in [3, 40, 600, 5000] {
      var random = SampleRandom(seed: UInt64(17 * mixture + rows))
      let values = (0..<rows).map { _ -> Double in
        let value = shape.draw(&random)
        let u = random.uniform()
        switch mixture {
        case 0: return value
        case 1: return EncodingSamples.rounded(value, 2)
        case 2: return EncodingSamples.rounded(value, u < 0.97 ? 2 : 5)
        case 3: return EncodingSamples.rounded(value, Int(6 * u))
        case 4: return Double(String(format: "%.2e", value))!
        default: return u < 0.5 ? value : EncodingSamples.rounded(value, 1)
        }
      }.filter(\.isFinite)
      for format in [nil, NumberFormat(style: .fixed, decimals: 2)] {
        let back = try Self.generated(values, format: format)
        let context: Comment =
          "\(shape), mixture \(mixture), \(rows) rows, \(String(describing: format))"
        #expect(back.allSatisfy { $0 >= values.min()! && $0 <= values.max()! }, context)
        // Rows of one value may swap with neighbors, ranks may not.
        #expect(
          kolmogorovSmirnov(values, back) <= 0.02 + 3 / Double(rows).squareRoot() / 4, context)
      }
    }
  }

  @Test(arguments: [(1, 3, 0.005), (2, 5, 0.03), (0, 2, 0.5), (1, 2, 0.2), (0, 4, 0.01)])
  func theShareOfEachNumberOfDecimalsStays(coarse: Int, fine: Int, share: Double) throws {
    var random = SampleRandom(seed: 4)
    let values = (0..<6000).map { _ -> Double in
      let value = 3000 * random.uniform() * random.uniform()
      return EncodingSamples.rounded(value, random.uniform() < share ? fine : coarse)
    }
    let back = try Self.generated(values, format: NumberFormat(style: .shortest, decimals: fine))
    for decimals in 0...fine {
      let real = Double(values.count { Self.decimals($0) == decimals }) / 6000
      let made = Double(back.count { Self.decimals($0) == decimals }) / 6000
      #expect(
        abs(real - made) <= 0.15 * real + 0.004,
        "\(coarse) and \(fine) decimals, \(decimals): \(real) of the rows, \(made) generated")
    }
  }

  @Test(arguments: [2, 3, 5], [1.0, 1e-9, 1e40, 1e-200])
  func significantDigitsStay(digits: Int, scale: Double) throws {
    var random = SampleRandom(seed: 8)
    let values = (0..<4000).map { _ in
      Double(String(format: "%.\(digits - 1)e", scale * exp(3 * random.normal())))!
    }
    let back = try Self.generated(values, format: nil)
    #expect(
      back.allSatisfy { Self.significantDigits($0) <= digits }, "\(digits) digits around \(scale)")
    #expect(
      kolmogorovSmirnov(values.map { log($0) }, back.map { log($0) }) <= 0.02,
      "\(digits) digits around \(scale)")
    let full = Double(back.count { Self.significantDigits($0) == digits }) / 4000
    #expect(abs(full - 0.9) <= 0.05, "\(digits) digits around \(scale): \(full)")
  }

  @Test func valuesThatRepeatComeBackExactly() throws {
    var random = SampleRandom(seed: 2)
    // 20.25 in a tenth of the rows, others with one decimal or three.
    let values = (0..<6000).map { _ -> Double in
      if random.uniform() < 0.1 { return 20.25 }
      return EncodingSamples.rounded(
        10 + 500 * random.uniform(), random.uniform() < 0.9 ? 1 : 3)
    }
    let back = try Self.generated(values, format: NumberFormat(style: .shortest, decimals: 3))
    let (real, made) = (values.count { $0 == 20.25 }, back.count { $0 == 20.25 })
    #expect(abs(real - made) <= 6, "\(real) of the rows, \(made) generated")
    let others = back.count { Self.decimals($0) == 2 && $0 != 20.25 }
    #expect(others <= 80, "two decimals in \(others) other rows")
  }

  @Test func fivesStay() throws {
    var random = SampleRandom(seed: 6)
    let values = (0..<5000).map { _ -> Double in
      let value = 900 * random.uniform()
      return random.uniform() < 0.05
        ? EncodingSamples.rounded(value, 3) : EncodingSamples.rounded(20 * value, 0) / 20
    }
    let back = try Self.generated(values, format: NumberFormat(style: .shortest, decimals: 3))
    let onStep = Double(back.count { abs(20 * $0 - (20 * $0).rounded()) < 1e-9 }) / 5000
    #expect(abs(onStep - 0.95) <= 0.02, "\(onStep) of the generated values are multiples of 0.05")
  }

  @Test func wholeNumbersBesideMissingOnesStayWhole() throws {
    var random = SampleRandom(seed: 7)
    let values = (0..<3000).map { _ in
      random.uniform() < 0.2 ? Double.nan : (90_000 * random.uniform()).rounded()
    }
    let table = try Table(columns: [Column(name: "x", values: .number(values))])
    let encoder = try TableEncoder.fit(
      table: table, schema: SchemaInference.infer(table), configuration: .standard, seed: 1)
    let back = try encoder.roundTrip(table)["x"]!.numbers!.array
    #expect(back.allSatisfy { $0.isNaN || $0 == $0.rounded() })
    #expect(back.count(where: \.isNaN) == values.count(where: \.isNaN))
  }

  /// The step of a row depends only on the seed and the row.
  @Test func drawnStepsDoNotDependOnOtherRows() throws {
    var random = SampleRandom(seed: 3)
    let values = (0..<3000).map { _ in
      EncodingSamples.rounded(900 * random.uniform(), random.uniform() < 0.5 ? 0 : 3)
    }
    let table = try Table(columns: [Column(name: "x", values: .number(values))])
    let encoder = try TableEncoder.fit(
      table: table, schema: SchemaInference.infer(table), configuration: .standard, seed: 1)
    let rows = (0..<3000).map { Float($0) / 1000 - 1.5 }
    func decode(_ range: Range<Int>) throws -> [Double] {
      try Array(rows[range]).withUnsafeBufferPointer {
        try encoder.inverse($0, count: range.count, stride: 1, firstRow: range.lowerBound, seed: 5)
      }["x"]!.numbers!.array
    }
    #expect(try decode(0..<3000) == decode(0..<1300) + decode(1300..<3000))
  }
}
