// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

/// Generated keys have the form of the real ones.
@Suite struct IdentifierTests {
  /// The keys of a range of rows.
  struct Kind: Sendable, CustomTestStringConvertible {
    let name: String
    /// A regular expression that matches every key.
    let form: String
    /// Whether keys have running numbers.
    var isSequential = false
    let make: @Sendable (inout SampleRandom, Int) -> String

    var testDescription: String { name }
  }

  private static func digits(
    _ count: Int, _ random: inout SampleRandom, of set: String = "0123456789"
  )
    -> String
  {
    let characters = Array(set)
    return String(
      (0..<count).map { _ in characters[Int(random.uniform() * Double(characters.count))] })
  }

  static let kinds: [Kind] = [
    Kind(
      name: "uuid", form: "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
    ) { random, _ in
      let hex = "0123456789abcdef"
      return [
        digits(8, &random, of: hex), digits(4, &random, of: hex),
        "4" + digits(3, &random, of: hex),
        digits(1, &random, of: "89ab") + digits(3, &random, of: hex),
        digits(12, &random, of: hex),
      ].joined(separator: "-")
    },
    Kind(name: "social security number", form: "^[0-9]{3}-[0-9]{2}-[0-9]{4}$") { random, _ in
      "\(digits(3, &random))-\(digits(2, &random))-\(digits(4, &random))"
    },
    Kind(name: "address", form: "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$") { random, _ in
      (0..<4).map { _ in "\(Int(random.uniform() * 256))" }.joined(separator: ".")
    },
    Kind(name: "phone", form: "^\\([0-9]{3}\\) [0-9]{3}-[0-9]{4}$") { random, _ in
      "(\(digits(3, &random))) \(digits(3, &random))-\(digits(4, &random))"
    },
    Kind(name: "mail", form: "^user[0-9]{6}@(a|b)\\.(com|org)$") { random, _ in
      "user\(digits(6, &random))@\(random.uniform() < 0.7 ? "a" : "b").\(random.uniform() < 0.5 ? "com" : "org")"
    },
    Kind(name: "order", form: "^ORD-[0-9]{6}-[ABC]$", isSequential: true) { random, row in
      String(format: "ORD-%06d-", row + 1) + digits(1, &random, of: "ABC")
    },
    Kind(name: "long number", form: "^[0-9]{18}$") { random, _ in
      digits(1, &random, of: "123456789") + digits(17, &random)
    },
    Kind(name: "tail number", form: "^N[0-9]{3}[A-Z]{2}$") { random, _ in
      "N" + digits(3, &random) + digits(2, &random, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    },
    Kind(name: "letters and number", form: "^TX[0-9]+$", isSequential: true) { _, row in
      "TX\(row + 95)"
    },
  ]

  private static func table(
    _ kind: Kind, rows: Int = 600, missing: Double = 0
  ) throws -> (table: Table, schema: Schema) {
    var random = SampleRandom(seed: 11)
    var categories: [String] = []
    var seen: Set<String> = []
    var codes: [Int32] = []
    while codes.count < rows {
      if random.uniform() < missing {
        codes.append(-1)
        continue
      }
      let key = kind.make(&random, codes.count)
      guard seen.insert(key).inserted else { continue }
      codes.append(Int32(categories.count))
      categories.append(key)
    }
    let table = try Table(columns: [
      Column(name: "key", values: .text(codes: codes, categories: categories)),
      Column(name: "x", values: .number((0..<rows).map { _ in random.normal() })),
    ])
    var schema = SchemaInference.infer(table)
    schema.columns[0].kind = .id
    return (table, schema)
  }

  private static func keys(
    _ encoder: TableEncoder, _ rows: Range<Int>, seed: UInt64 = 1
  ) throws -> [String?] {
    let zeros = [Float](repeating: 0, count: max(rows.count * encoder.width, 1))
    return try zeros.withUnsafeBufferPointer {
      try encoder.inverse(
        $0, count: rows.count, stride: max(encoder.width, 1), firstRow: rows.lowerBound, seed: seed)
    }["key"]!.texts
  }

  private static func fit(_ table: Table, _ schema: Schema) throws -> TableEncoder {
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1)
    return try JSONDecoder().decode(TableEncoder.self, from: JSONEncoder().encode(encoder))
  }

  @Test(arguments: kinds)
  func keysHaveTheFormOfTheRealOnesAndNoneIsOne(_ kind: Kind) throws {
    let (table, schema) = try Self.table(kind)
    let encoder = try Self.fit(table, schema)
    let form = try Regex(kind.form)
    let made = try Self.keys(encoder, 0..<3000).map { $0 ?? "" }
    let strange = made.first { (try? form.wholeMatch(in: $0)) == nil }
    #expect(strange == nil, "\(kind.name): \(strange ?? "")")
    #expect(Set(made).count == 3000, "\(kind.name): \(3000 - Set(made).count) repeated")
    let real = Set(table["key"]!.texts.map { $0 ?? "" })
    #expect(real.isDisjoint(with: made), "\(kind.name)")
    // Any range can be generated on its own; another seed gives other keys, except for running
    // numbers.
    #expect(
      try Self.keys(encoder, 700..<900).map { $0 ?? "" } == Array(made[700..<900]), "\(kind.name)")
    let other = try Self.keys(encoder, 0..<100, seed: 2)
    #expect(
      other.map { $0 ?? "" } == Array(made[0..<100]) || !kind.isSequential || kind.name == "order")
    if !kind.isSequential {
      #expect(other.map { $0 ?? "" } != Array(made[0..<100]), "\(kind.name)")
    }
  }

  @Test func noRealKeyIsInTheModel() throws {
    let (table, schema) = try Self.table(Self.kinds[1])
    let model = String(
      decoding: try JSONEncoder().encode(
        TableEncoder.fit(table: table, schema: schema, configuration: .standard, seed: 1)),
      as: UTF8.self)
    for key in table["key"]!.texts { #expect(!model.contains(key!), "\(key!)") }
  }

  @Test(arguments: [0.2, 0.71, 0.91])
  func missingKeysKeepTheirShare(_ share: Double) throws {
    let (table, schema) = try Self.table(Self.kinds[4], rows: 2000, missing: share)
    let made = try Self.keys(Self.fit(table, schema), 0..<4000)
    let missing = Double(made.count { $0 == nil }) / 4000
    #expect(abs(missing - share) <= 0.04, "\(missing) of the keys are missing, \(share) were")
    let present = made.compactMap { $0 }
    #expect(Set(present).count == present.count)
  }

  /// If hardly any keys remain, longer ones are generated instead of duplicates.
  @Test func fewKeysLeft() throws {
    var random = SampleRandom(seed: 5)
    var codes = (0..<1000).map { String(format: "%03d", $0) }
    for index in codes.indices.reversed() {
      codes.swapAt(index, Int(random.uniform() * Double(index + 1)))
    }
    let categories = codes.enumerated().map {
      $0.offset % 3 == 0 ? "K" + $0.element : "L" + $0.element
    }
    .prefix(400)
    let table = try Table(columns: [
      Column(name: "key", values: .text(codes: Array(0..<400), categories: Array(categories)))
    ])
    var schema = SchemaInference.infer(table)
    schema.columns[0].kind = .id
    let made = try Self.keys(Self.fit(table, schema), 0..<5000).compactMap { $0 }
    #expect(Set(made).count == 5000)
    #expect(Set(made).isDisjoint(with: categories))
  }

  @Test func numbersContinueFromTheFirstId() throws {
    let (table, schema) = try Self.table(Self.kinds[5])
    let encoder = try Self.fit(table, schema)
    #expect(try Self.keys(encoder, 0..<1)[0]!.hasPrefix("ORD-000601-"))
    let keys = try Self.keys(encoder.startingKeys(at: 5000), 2..<3)
    #expect(keys[0]!.hasPrefix("ORD-005002-"))
    let (other, otherSchema) = try Self.table(Self.kinds[0])
    #expect(throws: TabularError.self) {
      try Self.fit(other, otherSchema).startingKeys(at: 1)
    }
  }

  @Test(arguments: [true, false])
  func numbersAsKeysKeepTheirWidth(shuffled: Bool) throws {
    var random = SampleRandom(seed: 3)
    var keys: Set<Double> = []
    while keys.count < 500 { keys.insert((4e15 + 9e14 * random.uniform()).rounded()) }
    let values = shuffled ? Array(keys) : (0..<500).map { Double($0 + 10) }
    let table = try Table(columns: [
      Column(name: "key", values: .number(values)),
      Column(name: "x", values: .number((0..<500).map { _ in random.normal() })),
    ])
    var schema = SchemaInference.infer(table)
    schema.columns[0].kind = .id
    let encoder = try Self.fit(table, schema)
    let zeros = [Float](repeating: 0, count: 2000 * encoder.width)
    let made = try zeros.withUnsafeBufferPointer {
      try encoder.inverse($0, count: 2000, stride: encoder.width, seed: 1)
    }["key"]!.numbers!.array
    #expect(Set(made).count == 2000)
    #expect(Set(made).isDisjoint(with: values))
    if shuffled {
      #expect(made.allSatisfy { $0 >= 1e15 && $0 < 1e16 && $0 == $0.rounded() })
    } else {
      #expect(made == (0..<2000).map { Double($0 + 510) })
    }
  }
}
