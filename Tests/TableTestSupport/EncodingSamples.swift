// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEncoding

/// Numbers that follow a seed, for tables made in code.
package struct SampleRandom {
  private var state: UInt64

  package init(seed: UInt64 = 1) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  /// Uniform in 0..<1.
  package mutating func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }

  /// Roughly normal: the sum of twelve uniform numbers.
  package mutating func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + uniform() } }
}

/// Tables and columns for the tests of encoders.
package enum EncodingSamples {
  /// A value to the nearest multiple of 10^-decimals, as reading its text would give it.
  package static func rounded(_ value: Double, _ decimals: Int) -> Double {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    return (value * scale).rounded() / scale
  }

  /// Trips with a sum, a difference of times, a code, gaps, and amounts that stand out.
  package static func trips(rows: Int, seed: UInt64 = 1) throws -> (table: Table, schema: Schema) {
    var random = SampleRandom(seed: seed)
    var pickup: [Double] = []
    var dropoff: [Double] = []
    var fare: [Double] = []
    var tip: [Double] = []
    var toll: [Double] = []
    var fee: [Double] = []
    var total: [Double] = []
    var distance: [Double] = []
    var code: [Double] = []
    var payment: [Int32] = []
    for row in 0..<rows {
      let start = 1_451_606_400 + (random.uniform() * 30 * 86_400).rounded(.down)
      let miles = rounded(0.3 + 4 * random.uniform() * random.uniform(), 2)
      pickup.append(start)
      dropoff.append(start + (60 + miles * 300 * (0.5 + random.uniform())).rounded())
      distance.append(miles)
      fare.append(row % 40 == 0 ? 52 : 2.5 + 0.5 * (miles * 5).rounded())
      tip.append(random.uniform() < 0.4 ? 0 : rounded(4 * random.uniform(), 2))
      toll.append(random.uniform() < 0.9 ? 0 : 5.54)
      fee.append(random.uniform() < 0.2 ? .nan : 2.5)
      let parts = fare[row] + tip[row] + toll[row] + (fee[row].isNaN ? 0 : fee[row])
      total.append(rounded(row % 1000 == 999 ? parts + 7 : parts, 2))
      code.append((random.uniform() * 3).rounded(.down) + 1)
      payment.append(random.uniform() < 0.01 ? -1 : random.uniform() < 0.6 ? 0 : 1)
    }
    let table = try Table(columns: [
      Column(name: "dropoff", values: .datetime(dropoff)),
      Column(name: "pickup", values: .datetime(pickup)),
      Column(name: "total", values: .number(total)),
      Column(name: "fare", values: .number(fare)),
      Column(name: "tip", values: .number(tip)),
      Column(name: "toll", values: .number(toll)),
      Column(name: "fee", values: .number(fee)),
      Column(name: "distance", values: .number(distance)),
      Column(name: "code", values: .number(code)),
      Column(name: "payment", values: .text(codes: payment, categories: ["card", "cash"])),
      Column(name: "version", values: .number(Array(repeating: 7, count: rows))),
    ])
    return (table, schema(of: table, decimals: 2))
  }

  /// The inferred schema, with quantities of so many decimals.
  package static func schema(of table: Table, decimals: Int) -> Schema {
    var schema = SchemaInference.infer(table)
    for index in schema.columns.indices where schema.columns[index].kind == .continuous {
      schema.columns[index].numberFormat = NumberFormat(style: .shortest, decimals: decimals)
    }
    return schema
  }

  package static let presets: [(name: String, configuration: EncodingConfiguration)] = [
    ("ctgan", .ctgan), ("poster", .poster), ("standard", .standard),
    (
      "uniform ranks",
      EncodingConfiguration(
        numeric: .quantile, time: .calendar, separatesPointMasses: true, findsRelations: true,
        derivesFeatures: true, groupsRareCategories: true, quantileOutput: .uniform)
    ),
  ]
}

extension TableEncoder {
  /// The table that the dense form of an encoded table stands for, rows `stride` floats apart.
  package func roundTrip(_ table: Table, seed: UInt64 = 1, stride: Int? = nil) throws -> Table {
    let encoded = try transform(table, seed: seed)
    let stride = stride ?? max(width, 1)
    // What is between the rows must not be read.
    var rows = [Float](repeating: .nan, count: encoded.rowCount * stride)
    rows.withUnsafeMutableBufferPointer {
      encoded.expand(rows: Array(0..<encoded.rowCount)[...], into: $0, stride: stride)
    }
    return try rows.withUnsafeBufferPointer {
      try inverse($0, count: encoded.rowCount, stride: stride, seed: 1)
    }
  }
}

extension ColumnEncoder {
  /// The values that the encoded form of `values` stands for.
  package func roundTrip(_ values: [Double], seed: UInt64 = 1) throws -> [Double] {
    let encoded = EncodedTable(
      spans: spans, blocks: try transform(values, seed: seed), rowCount: values.count)
    let stride = max(encoded.width, 1)
    var rows = [Float](repeating: 0, count: max(values.count * stride, 1))
    rows.withUnsafeMutableBufferPointer {
      encoded.expand(rows: Array(values.indices)[...], into: $0, stride: stride)
    }
    return rows.withUnsafeBufferPointer { buffer in
      values.indices.map { inverse(buffer.baseAddress! + $0 * stride) }
    }
  }

  /// The scalars of the first span.
  package func scalars(_ values: [Double], seed: UInt64 = 1) throws -> [Float] {
    guard case .scalar(let scalars) = try transform(values, seed: seed)[0] else { return [] }
    return scalars
  }
}

extension Column {
  /// Texts, nil where missing; empty for numbers.
  package var texts: [String?] {
    guard case .text(let codes, let categories) = values else { return [] }
    return codes.map { $0 < 0 ? nil : categories[Int($0)] }
  }

  /// The first row in which two columns hold different values; two missing ones are the same.
  package func firstDifference(from other: Column, tolerance: Double = 0) -> Int? {
    guard let a = numbers, let b = other.numbers else {
      return zip(texts, other.texts).enumerated().first { $1.0 != $1.1 }?.offset
    }
    return zip(a, b).enumerated().first { _, pair in
      let (x, y) = pair
      return !(x.isNaN && y.isNaN) && !(abs(x - y) <= tolerance)
    }?.offset
  }
}

/// The greatest distance of two distribution functions (Kolmogorov and Smirnov), NaN left out.
package func kolmogorovSmirnov(_ a: [Double], _ b: [Double]) -> Double {
  let (a, b) = (a.filter { !$0.isNaN }.sorted(), b.filter { !$0.isNaN }.sorted())
  var (i, j, worst) = (0, 0, 0.0)
  while i < a.count && j < b.count {
    let value = min(a[i], b[j])
    while i < a.count && a[i] <= value { i += 1 }
    while j < b.count && b[j] <= value { j += 1 }
    worst = max(worst, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
  }
  return worst
}
