// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

/// Columns that others determine.
@Suite struct EncodingDependencyTests {
  private static let rows = 3000

  /// A table of flights: the distance follows from both ends, the name from the code; `wild`
  /// follows from nothing, and `nearly` breaks its rule in `exceptions` rows.
  private static func table(exceptions: Int = 0) throws -> Table {
    var random = SampleRandom(seed: 5)
    var codes: [Double] = []
    var names: [Int32] = []
    var ends: [[Double]] = [[], []]
    var distances: [Double] = []
    var wild: [Double] = []
    for _ in 0..<rows {
      let code = (random.uniform() * 12).rounded(.down)
      codes.append(code)
      names.append(Int32(11 - code))
      let (from, to) = (
        (random.uniform() * 4).rounded(.down), (random.uniform() * 9).rounded(.down)
      )
      ends[0].append(from)
      ends[1].append(to)
      distances.append(100 + 50 * abs(from - to))
      wild.append((random.uniform() * 6).rounded(.down))
    }
    for row in 0..<exceptions { names[row * 7] = (names[row * 7] + 3) % 12 }
    return try Table(columns: [
      Column(name: "code", values: .number(codes)),
      Column(name: "name", values: .text(codes: names, categories: (0..<12).map { "level \($0)" })),
      Column(name: "from", values: .number(ends[0])),
      Column(name: "to", values: .number(ends[1])),
      Column(name: "distance", values: .number(distances)),
      Column(name: "wild", values: .number(wild)),
    ])
  }

  private static func fit(_ table: Table) throws -> TableEncoder {
    try TableEncoder.fit(
      table: table, schema: SchemaInference.infer(table), configuration: .standard, seed: 1)
  }

  @Test func determinedColumnsAreFoundAndTakeNoRoom() throws {
    let table = try Self.table()
    let encoder = try Self.fit(table)
    #expect(
      encoder.relations.map(\.description) == [
        "name = function of code", "distance = function of from, to",
      ])
    for name in ["name", "distance"] {
      let column = encoder.columnNames.firstIndex(of: name)!
      #expect(!encoder.spans.contains { $0.column == column }, "\(name) takes room")
    }
    #expect(try encoder.roundTrip(table) == table)
  }

  /// Whatever a generator makes, a name goes with its code.
  @Test func generatedRowsObeyTheDependency() throws {
    let encoder = try Self.fit(Self.table())
    var random = SampleRandom(seed: 9)
    let rows = (0..<500 * encoder.width).map { _ in Float(random.normal()) }
    let made = try rows.withUnsafeBufferPointer {
      try encoder.inverse($0, count: 500, stride: encoder.width, seed: 1)
    }
    guard case .text(let names, let categories)? = made["name"]?.values else {
      Issue.record("the name is no text")
      return
    }
    let codes = made["code"]!.numbers!
    #expect(Set(codes).count > 5)
    for (row, code) in codes.enumerated() {
      #expect(categories[Int(names[row])] == "level \(11 - Int(code))", "row \(row)")
    }
    let (from, to) = (made["from"]!.numbers!, made["to"]!.numbers!)
    for (row, distance) in made["distance"]!.numbers!.enumerated() {
      #expect(distance == 100 + 50 * abs(from[row] - to[row]), "row \(row)")
    }
  }

  /// Exceptions of 0.1 % at most stay exceptions, and come back exactly.
  @Test func exceptionsAreKept() throws {
    let few = try Self.table(exceptions: 2)
    let encoder = try Self.fit(few)
    #expect(encoder.relations.contains { $0.target == "name" })
    #expect(try encoder.roundTrip(few) == few)
    let many = try Self.table(exceptions: 30)
    #expect(try !Self.fit(many).relations.contains { $0.target == "name" })
  }

  /// Nearly constant columns, and keys with one row each, prove nothing.
  @Test func matterOfCourseIsNoDependency() throws {
    var random = SampleRandom(seed: 6)
    let unique = (0..<1000).map { Double($0) + random.uniform() }
    let flag = (0..<1000).map { Double($0 % 100 == 0 ? 1 : 0) }
    let group = (0..<1000).map { Double($0 % 5) }
    let table = try Table(columns: [
      Column(name: "unique", values: .number(unique)),
      Column(name: "flag", values: .number(flag)),
      Column(name: "group", values: .number(group)),
    ])
    #expect(try Self.fit(table).relations.isEmpty)
  }

  @Test func aStoredDependencyComesBack() throws {
    let table = try Self.table(exceptions: 3)
    let encoder = try Self.fit(table)
    let json = try JSONEncoder().encode(encoder)
    #expect(try JSONDecoder().decode(TableEncoder.self, from: json) == encoder)
    // A key without the value that goes with it.
    let text = String(decoding: json, as: UTF8.self)
    let damaged = text.replacing("\"expected\":[", with: "\"expected\":[1,")
    #expect(damaged != text)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(TableEncoder.self, from: Data(damaged.utf8))
    }
  }
}
