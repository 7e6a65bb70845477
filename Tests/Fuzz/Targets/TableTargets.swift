// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TabularEncoding

/// Reads a table and sometimes writes it again or fits its encoder.
struct TableReading {
  let bench: FuzzBench

  func run(_ path: String, schema: Schema? = nil, choice: UInt64) throws {
    let options = CSVOptions(
      raggedRecords: choice % 2 == 0 ? .skip : .fail, encoding: choice % 16 == 3 ? .latin1 : .utf8,
      schema: schema, threads: 1)
    let content = try CSVReader.read(path: path, options: options)
    if choice % 8 == 5 {
      let writer = try CSVWriter(path: bench.path("out.csv"), schema: content.schema, threads: 1)
      try writer.write(content.table)
      try writer.finish()
    }
    guard choice % 16 == 9, content.table.rowCount > 0, content.table.columns.count < 40 else {
      return
    }
    let configuration = [EncodingConfiguration.standard, .ctgan, .poster][Int(choice / 16 % 3)]
    let encoder = try TableEncoder.fit(
      table: content.table, schema: content.schema, configuration: configuration, seed: 1)
    let encoded = try encoder.transform(content.table, seed: 1)
    guard encoder.width > 0, encoder.width < 100_000 else { return }
    var row = [Float](repeating: 0, count: encoder.width)
    _ = try row.withUnsafeMutableBufferPointer { buffer in
      encoded.expand(rows: [0], into: buffer, stride: encoder.width)
      return try encoder.inverse(
        UnsafeBufferPointer(buffer), count: 1, stride: encoder.width, seed: 1)
    }
  }
}

struct CSVTarget: FuzzTarget {
  static let name = "csv"
  static let abstract = "CSV files"
  private let reading: TableReading
  private let mutator = ByteMutator(Tokens.csv)

  init(_ bench: FuzzBench) { reading = TableReading(bench: bench) }

  func input(_ random: inout FuzzRandom) -> [UInt8] {
    mutator.mutated(SampleText.table(rows: random.pick([1, 2, 6, 30])), &random)
  }

  func run(_ input: [UInt8]) throws {
    try reading.run(reading.bench.write(input, to: "in.csv"), choice: input.digest)
  }
}

struct GzipTarget: FuzzTarget {
  static let name = "gzip"
  static let abstract = "compressed CSV files"
  private let reading: TableReading
  private let seeds: [[UInt8]]
  private let mutator = ByteMutator(["\u{1F}\u{8B}\u{08}", "\u{0}", "\u{FF}\u{FF}"])

  init(_ bench: FuzzBench) throws {
    reading = TableReading(bench: bench)
    seeds = try [1, 6, 30, 300].map { rows in
      let path = bench.path("seed.csv.gz")
      let writer = try CSVWriter(path: path, schema: Schema(columns: []), threads: 1)
      try SampleText.table(rows: rows).withUnsafeBytes { try writer.write(records: $0) }
      try writer.finish()
      return [UInt8](FileManager.default.contents(atPath: path) ?? Data())
    }
  }

  func input(_ random: inout FuzzRandom) -> [UInt8] {
    let seed = random.pick(seeds)
    // Concatenated members are also a valid file.
    return mutator.mutated(random.once(in: 8) ? seed + random.pick(seeds) : seed, &random)
  }

  func run(_ input: [UInt8]) throws {
    try reading.run(reading.bench.write(input, to: "in.csv.gz"), choice: input.digest)
  }
}

struct FormatTarget: FuzzTarget {
  static let name = "formats"
  static let abstract =
    "columns of numbers and times in all kinds of formats, and patterns for them"
  private let reading: TableReading
  private let mutator = ByteMutator(Tokens.csv)

  init(_ bench: FuzzBench) { reading = TableReading(bench: bench) }

  func input(_ random: inout FuzzRandom) -> [UInt8] {
    let (first, second) = (random.pick(SampleText.formats), random.pick(SampleText.formats))
    var text = "a,b\n"
    for _ in 0..<random.pick([3, 8, 20]) {
      text += "\"\(random.pick(first))\",\"\(random.pick(second))\"\n"
    }
    return mutator.mutated(Array(text.utf8), &random)
  }

  func run(_ input: [UInt8]) throws {
    try reading.run(reading.bench.write(input, to: "in.csv"), choice: input.digest | 1)
  }
}

struct SchemaTarget: FuzzTarget {
  static let name = "schema"
  static let abstract = "schema.json, and a table read with it"
  private let reading: TableReading
  private let table: String
  private let mutator: JSONMutator

  init(_ bench: FuzzBench) throws {
    reading = TableReading(bench: bench)
    let (path, content) = try bench.table(rows: 30)
    table = path
    mutator = JSONMutator([UInt8](try SchemaFile.json(content.schema)))
  }

  func input(_ random: inout FuzzRandom) -> [UInt8] {
    random.once(in: 10)
      ? ByteMutator(Tokens.json).mutated(mutator.text, &random) : mutator.mutated(&random)
  }

  func run(_ input: [UInt8]) throws {
    let schema = try SchemaFile.read(reading.bench.write(input, to: "schema.json"))
    _ = try SchemaFile.json(schema)
    if input.digest % 2 == 0 { try reading.run(table, schema: schema, choice: input.digest / 2) }
  }
}

struct MetadataTarget: FuzzTarget {
  static let name = "sdv"
  static let abstract = "SDV metadata, and a table read with it"
  private let reading: TableReading
  private let table: String
  private let mutator: JSONMutator

  init(_ bench: FuzzBench) throws {
    reading = TableReading(bench: bench)
    table = try bench.table(rows: 30).path
    mutator = JSONMutator(
      Array(
        """
        {"METADATA_SPEC_VERSION":"V1","primary_key":"key","tables":{"t":{"columns":{}}},"columns":{
        "key":{"sdtype":"id","regex_format":"k[0-9]{5}"},
        "when":{"sdtype":"datetime","datetime_format":"%Y-%m-%d %H:%M:%S"},
        "until":{"sdtype":"datetime","datetime_format":"%Y-%m-%dT%H:%M:%S.%f%z %y %b %p %I %j %A"},
        "kind":{"sdtype":"categorical","order_by":"alphabetical"},
        "amount":{"sdtype":"numerical","computer_representation":"Float"},
        "tip":{"sdtype":"numerical"},"total":{"sdtype":"numerical"},
        "count":{"sdtype":"numerical","computer_representation":"Int64"},
        "flag":{"sdtype":"boolean"},"lat":{"sdtype":"latitude","pii":true},
        "lon":{"sdtype":"unknown"}}}
        """.utf8))
  }

  func input(_ random: inout FuzzRandom) -> [UInt8] {
    random.once(in: 5)
      ? ByteMutator(Tokens.json + ["%d", "%m", "%Y", "%S", "%%", "%f", "%Z"])
        .mutated(mutator.text, &random) : mutator.mutated(&random)
  }

  func run(_ input: [UInt8]) throws {
    let schema = try SchemaFile.read(reading.bench.write(input, to: "metadata.json"))
    if input.digest % 2 == 0 { try reading.run(table, schema: schema, choice: input.digest / 2) }
  }
}

struct ConditionTarget: FuzzTarget {
  static let name = "where"
  static let abstract = "conditions on rows"
  private let content: CSVContent
  private let mutator = ByteMutator(Tokens.conditions)
  private static let seeds = [
    "kind = red", "kind in (red, green, 'blue, or so')", "kind not in (red)", "amount >= 5.5",
    "amount between 1 and 20", "not amount between 1 and 20", "when.hour < 12",
    "when.weekday in (Sat, Sun)", "when between 2016-03-01 and 2016-03-07",
    "when.date = 2016-05-01",
    "flag is missing", "tip is not missing", "'kind' = \"red\"", "count != 3", "when >= 2016",
    "when.month = 3", "flag = true",
  ]

  init(_ bench: FuzzBench) throws { content = try bench.table(rows: 30).content }

  func input(_ random: inout FuzzRandom) -> [UInt8] {
    mutator.mutated(Array(random.pick(Self.seeds).utf8), &random)
  }

  func run(_ input: [UInt8]) throws {
    let condition = try RowCondition(
      String(decoding: input.prefix(4000), as: UTF8.self), schema: content.schema)
    _ = try content.table.rows(where: [condition])
  }
}
