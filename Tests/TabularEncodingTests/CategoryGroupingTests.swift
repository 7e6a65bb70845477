// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding
import SeededRandom

@Suite("Groups of rare categories") struct CategoryGroupingTests {
  private static let families = 6
  private static let rareCategories = 600
  private static let frequentCategories = 5

  /// Machines of families: a family has one owner and a speed of its own. Of the rows a fifth are
  /// of few frequent machines, and the others of very many rare ones. Stops are numbers, some
  /// missing, that tell the owner.
  static func table(rows: Int) throws -> (table: Table, schema: Schema) {
    var machines: [Int32] = []
    var owners: [Int32] = []
    var speeds: [Double] = []
    var stops: [Double] = []
    var noise: [Double] = []
    for row in 0..<rows {
      var random = RowRandom(seed: 5, row: row)
      let isFrequent = random.chance(0.2)
      // Rare machines differ in how many rows they have.
      let (a, b) = (random.index(below: rareCategories), random.index(below: rareCategories))
      let rare = random.chance(0.5) ? a : min(a, b)
      let machine = isFrequent ? random.index(below: frequentCategories) : frequentCategories + rare
      let family = machine % families
      machines.append(Int32(machine))
      owners.append(Int32(family))
      speeds.append((Double(family) * 10 + 5 * random.normal()).rounded())
      stops.append(
        random.chance(0.1) ? .nan : Double(1000 + family + families * random.index(below: 50)))
      noise.append(random.normal())
    }
    let names = (0..<frequentCategories + rareCategories).map { "m\($0 * 7919 % 100_003)" }
    let table = try Table(columns: [
      Column(name: "machine", values: .text(codes: machines, categories: names)),
      Column(
        name: "owner",
        values: .text(codes: owners, categories: (0..<families).map { "owner \($0)" })),
      Column(name: "speed", values: .number(speeds)),
      Column(name: "stop", values: .number(stops)),
      Column(name: "noise", values: .number(noise)),
    ])
    let kinds: [ColumnKind] = [.categorical, .categorical, .continuous, .categorical, .continuous]
    return (
      table,
      Schema(
        columns: zip(table.columnNames, kinds).map { name, kind in
          ColumnSchema(
            name: name, kind: kind,
            numberFormat: kind == .continuous ? NumberFormat(style: .shortest, decimals: 15) : nil)
        })
    )
  }

  private func fit(rows: Int = 12_000) throws -> (table: Table, encoder: TableEncoder) {
    let (table, schema) = try Self.table(rows: rows)
    return (
      table,
      try TableEncoder.fit(table: table, schema: schema, configuration: .standard, seed: 1)
    )
  }

  private func values(_ column: String, _ encoder: TableEncoder) throws -> CategoryValues {
    let span = try #require(encoder.categorySpan(ofColumn: column))
    return try #require(encoder.categoryValues(ofSpan: span))
  }

  /// For each value of a column, by its text, the position that it is encoded at.
  private func positions(_ column: String, _ encoder: TableEncoder) throws -> [String: Int] {
    let category = try values(column, encoder)
    return Dictionary(uniqueKeysWithValues: zip(category.names, category.positions))
  }

  private func texts(_ column: Column) -> [String] {
    guard let numbers = column.numbers else { return column.texts.map { $0 ?? "" } }
    return numbers.map { $0.isNaN ? "" : "\(Int($0))" }
  }

  @Test("Positions are few, and every category has one")
  func positionsAreFew() throws {
    let (table, encoder) = try fit()
    for (name, maximum) in [("machine", 5 + 64), ("stop", 64 + 16)] {
      let span = encoder.spans[try #require(encoder.categorySpan(ofColumn: name))]
      #expect(span.width <= maximum && span.isCategory, "\(name): \(span.width) positions")
      let category = try values(name, encoder)
      #expect(Set(category.names) == Set(texts(table[name]!)), "\(name)")
      #expect(category.names.count == Set(category.names).count)
      #expect(Set(category.positions) == Set(0..<span.width))
    }
    #expect(Set(encoder.positionLabels).count == encoder.width)
    let machine = try #require(encoder.categorySpan(ofColumn: "machine"))
    let names = encoder.categoryNames(ofSpan: machine)
    #expect(names.prefix(5) == ["m0", "m7919", "m15838", "m23757", "m31676"])
    #expect(names.dropFirst(5).allSatisfy { $0.hasPrefix("like m") }, "\(names)")
    let stop = try #require(encoder.categorySpan(ofColumn: "stop"))
    #expect(encoder.categoryNames(ofSpan: stop).last == "")
  }

  @Test("Groups follow what the other columns say")
  func groupsFollowTheStructure() throws {
    let (table, encoder) = try fit()
    for name in ["machine", "stop"] {
      let positions = try positions(name, encoder)
      var owners: [Int: Set<String>] = [:]
      for (value, owner) in zip(texts(table[name]!), texts(table["owner"]!)) where value != "" {
        owners[positions[value]!, default: []].insert(owner)
      }
      // A frequent machine has one owner, too.
      let mixed = owners.values.count { $0.count > 1 }
      #expect(mixed == 0, "\(name): \(mixed) of \(owners.count) groups have several owners")
    }
  }

  /// Rows come back at their own position, and the categories of a group as a binomial number of
  /// its rows: by Bernstein's inequality one of 1,000 numbers lies outside by chance once in a
  /// million.
  @Test("Frequent categories come back exactly, rare ones by their shares of the group")
  func categoriesComeBack() throws {
    let (table, encoder) = try fit()
    let back = try encoder.roundTrip(table)
    for name in ["machine", "stop"] {
      let positions = try positions(name, encoder)
      let (before, after) = (texts(table[name]!), texts(back[name]!))
      let sizes = Dictionary(positions.values.map { ($0, 1) }, uniquingKeysWith: +)
      var rows: [Int: Int] = [:]
      var (counts, drawn): ([String: Int], [String: Int]) = ([:], [:])
      for (a, b) in zip(before, after) {
        try #require(positions[a] == positions[b], "\(name): '\(a)' came back as '\(b)'")
        if sizes[positions[a]!] == 1 { #expect(a == b) }
        rows[positions[a]!, default: 0] += 1
        counts[a, default: 0] += 1
        drawn[b, default: 0] += 1
      }
      let changed = zip(before, after).count { $0 != $1 }
      #expect(changed > table.rowCount / 2, "\(name): only \(changed) rows were drawn")
      for (value, count) in counts {
        let n = Double(rows[positions[value]!]!)
        let share = Double(count) / n
        let logarithm = log(2e9)
        let bound =
          logarithm / 3
          + (logarithm * logarithm / 9 + 2 * logarithm * n * share * (1 - share)).squareRoot()
        let error = abs(Double(drawn[value] ?? 0) - Double(count))
        #expect(error <= bound, "\(name) '\(value)': \(drawn[value] ?? 0) rows for \(count)")
      }
    }
    // What a group's rows have in common stays.
    let owners = Dictionary(
      zip(texts(table["machine"]!), texts(table["owner"]!)), uniquingKeysWith: { a, _ in a })
    let wrong = zip(texts(back["machine"]!), texts(back["owner"]!)).count { owners[$0] != $1 }
    #expect(wrong == 0, "\(wrong) rows with a machine of another owner")
  }

  @Test("Categorical columns of few categories, and other presets, stay as they are")
  func fewCategories() throws {
    let json = JSONEncoder()
    json.outputFormatting = [.sortedKeys]
    var ungrouped = EncodingConfiguration.standard
    ungrouped.groupsRareCategories = false
    for (categories, isSame) in [(128, true), (140, false)] {
      let table = try Table(columns: [
        Column(
          name: "kind",
          values: .text(
            codes: (0..<1000).map { Int32($0 * $0 % 997 % categories) },
            categories: (0..<categories).map { "k\($0)" })),
        Column(name: "amount", values: .number((0..<1000).map { Double($0 * 7 % 101) })),
      ])
      let schema = Schema(columns: [
        ColumnSchema(name: "kind", kind: .categorical),
        ColumnSchema(name: "amount", kind: .continuous),
      ])
      let fits = try [EncodingConfiguration.standard, ungrouped].map {
        try json.encode(
          TableEncoder.fit(table: table, schema: schema, configuration: $0, seed: 1))
      }
      #expect((fits[0] == fits[1]) == isSame, "\(categories) categories")
    }
    let (table, schema) = try Self.table(rows: 3000)
    for configuration in [EncodingConfiguration.ctgan, .poster] {
      let encoder = try TableEncoder.fit(
        table: table, schema: schema, configuration: configuration, seed: 1)
      let category = try values("machine", encoder)
      #expect(category.positions == Array(category.names.indices))
    }
  }

  @Test("Categories that nothing is known of become one group")
  func unknownCategories() throws {
    // Each category has one row: what it is like cannot be told from chance.
    let rows = 400
    let table = try Table(columns: [
      Column(
        name: "name",
        values: .text(codes: (0..<Int32(rows)).map { $0 }, categories: (0..<rows).map { "n\($0)" })),
      Column(name: "amount", values: .number((0..<rows).map { Double($0 * 7 % 101) })),
    ])
    let schema = Schema(columns: [
      ColumnSchema(name: "name", kind: .categorical),
      ColumnSchema(name: "amount", kind: .continuous),
    ])
    let encoder = try TableEncoder.fit(
      table: table, schema: schema, configuration: .standard, seed: 1)
    #expect(try Set(values("name", encoder).positions) == [0])
    let names = Set(texts(try encoder.roundTrip(table)["name"]!))
    // Of 400 draws among 400 categories 1 - 1/e are different ones, 253 with a deviation below 10.
    #expect(names.count > 190 && names.count < 310, "\(names.count) names")
  }

  @Test("Nothing depends on the order of work")
  func deterministic() throws {
    let (table, encoder) = try fit(rows: 6000)
    #expect(try fit(rows: 6000).encoder == encoder)
    let encoded = try encoder.transform(table, seed: 2)
    let width = encoder.width
    var rows = [Float](repeating: 0, count: 6000 * width)
    rows.withUnsafeMutableBufferPointer {
      encoded.expand(rows: Array(0..<6000)[...], into: $0, stride: width)
    }
    func inverse(_ range: Range<Int>, seed: UInt64 = 4) throws -> Table {
      try rows.withUnsafeBufferPointer {
        try encoder.inverse(
          UnsafeBufferPointer(rebasing: $0[range.lowerBound * width..<range.upperBound * width]),
          count: range.count, stride: width, firstRow: range.lowerBound, seed: seed)
      }
    }
    let whole = try inverse(0..<6000)
    for range in [0..<1, 1..<1500, 1023..<2050, 5000..<6000] {
      let part = try inverse(range)
      let same = whole.selecting(rows: Array(range))
      for (a, b) in zip(same.columns, part.columns) {
        #expect(a.firstDifference(from: b) == nil, "\(a.name) of \(range)")
      }
    }
    let other = try inverse(0..<6000, seed: 5)
    #expect(whole["machine"]!.firstDifference(from: other["machine"]!) != nil)
    // A row's candidates draw what the row does.
    let repeated = (0..<6000).map { $0 / 4 }
    let candidates = try rows.withUnsafeBufferPointer { source in
      var copies = [Float](repeating: 0, count: 6000 * width)
      for (copy, row) in repeated.enumerated() {
        for position in 0..<width {
          copies[copy * width + position] = source[row * width + position]
        }
      }
      return try copies.withUnsafeBufferPointer {
        try encoder.inverse(
          $0, stride: width, numbers: repeated, seed: 4, threads: 2)
      }
    }
    let expected = whole.selecting(rows: repeated)
    for (a, b) in zip(expected.columns, candidates.columns) {
      #expect(a.firstDifference(from: b) == nil, "\(a.name)")
    }
  }

  @Test("A stored encoder is the same")
  func storedEncodersAreTheSame() throws {
    let (table, encoder) = try fit()
    let json = JSONEncoder()
    json.outputFormatting = [.sortedKeys]
    let data = try json.encode(encoder)
    let stored = try JSONDecoder().decode(TableEncoder.self, from: data)
    #expect(stored == encoder)
    #expect(try json.encode(stored) == data)
    #expect(try stored.roundTrip(table)["machine"] == encoder.roundTrip(table)["machine"])
    let unknown = try Table(
      columns: table.columns.map {
        $0.name == "stop"
          ? Column(name: "stop", values: .number(Array(repeating: 999, count: table.rowCount))) : $0
      })
    #expect(throws: TabularError.self) { try encoder.transform(unknown, seed: 1) }
  }

  @Test(
    "What could not have been fitted is refused",
    arguments: [
      #"{"categories":[4,9],"groups":[{"categories":[7,5],"rows":[3,3]}],"hasMissing":true}"#,
      #"{"categories":[4,9],"groups":[{"categories":[5,7],"rows":[2,3]}],"hasMissing":true}"#,
      #"{"categories":[4,9],"groups":[{"categories":[5,7],"rows":[3]}],"hasMissing":true}"#,
      #"{"categories":[4,9],"groups":[{"categories":[],"rows":[]}],"hasMissing":true}"#,
      #"{"categories":[4,9],"groups":[{"categories":[5,7],"rows":[3,0]}],"hasMissing":true}"#,
      #"{"categories":[4,9],"groups":[{"categories":[5],"rows":[4294967296]}],"hasMissing":true}"#,
      #"{"categories":[4,9],"groups":[{"categories":[5,5],"rows":[3,2]}],"hasMissing":true}"#,
      #"{"categories":[4,9],"groups":[{"categories":[9],"rows":[3]}],"hasMissing":true}"#,
      #"{"categories":[4,9],"groups":[{"categories":[5],"rows":[3]},{"categories":[5],"rows":[2]}],"hasMissing":true}"#,
      #"{"categories":[9,4],"groups":[{"categories":[5],"rows":[3]}],"hasMissing":true}"#,
      #"{"categories":[],"groups":[],"hasMissing":true}"#,
    ])
  func damagedEncodersAreRefused(_ text: String) throws {
    let whole =
      #"{"categories":[4,9],"groups":[{"categories":[5,7],"rows":[3,3]}],"hasMissing":true}"#
    let encoder = try JSONDecoder().decode(CategoryEncoder.self, from: Data(whole.utf8))
    #expect(encoder.categories(ofSpan: 0) == [.value(4), .value(9), .values([5, 7]), .missing])
    #expect(encoder.inverse([0, 0.1, 0.6, 0.3]) == 5)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(CategoryEncoder.self, from: Data(text.utf8))
    }
  }

  @Test("A place in a group needs a text")
  func groupsOfTextsAreChecked() throws {
    let (_, encoder) = try fit()
    let text = String(decoding: try JSONEncoder().encode(encoder), as: UTF8.self)
    let damaged = text.replacingOccurrences(of: "\"m7919\",", with: "")
    try #require(damaged != text)
    #expect(throws: DecodingError.self) {
      _ = try JSONDecoder().decode(TableEncoder.self, from: Data(damaged.utf8))
    }
  }
}
