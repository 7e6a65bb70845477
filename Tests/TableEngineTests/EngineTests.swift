// SPDX-License-Identifier: Apache-2.0

import Foundation
import TableEngine
import TableTestSupport
import Tabular
import TaxiTrips
import Testing

@Suite("The engine", .enabled(if: InstalledEngine.library != nil, "no engine: make setup-engine"))
struct EngineTests {
  private func folder() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/tabgan-engine-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private func write(_ table: Table, _ schema: Schema, to path: String, blocks: Int = 1) throws {
    let writer = try ParquetWriter(
      path: path, schema: schema, library: InstalledEngine.library!,
      options: InstalledEngine.options)
    let size = max(1, (table.rowCount + blocks - 1) / blocks)
    for start in stride(from: 0, to: table.rowCount, by: size) {
      try writer.write(
        table.selecting(rows: Array(start..<min(start + size, table.rowCount))))
    }
    try writer.finish()
  }

  private func read(_ paths: String..., query: String? = nil, threads: Int = 2) throws
    -> SourceTable
  {
    try InstalledEngine.connection(threads: threads).read(
      EngineSource(kind: .parquet, paths: paths, query: query))
  }

  private func trips(_ rows: Int) throws -> (Table, Schema) {
    let simulator = try #require(TaxiDomain().simulator(seed: 5))
    return (simulator.table(rows: 0..<rows), simulator.schema)
  }

  @Test("Every type survives a Parquet file")
  func types() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let sql = """
      SELECT * FROM (VALUES
        (1::TINYINT, 2::USMALLINT, -3::INTEGER, 4::BIGINT, 5::UBIGINT, 1.5::FLOAT, 0.1::DOUBLE,
         12.34::DECIMAL(9,2), true, 'a', DATE '2016-01-31', TIME '10:11:12',
         TIMESTAMP '2016-01-31 10:11:12.5', TIMESTAMP_MS '2016-01-31 10:11:12.25',
         TIMESTAMP_NS '2016-01-31 10:11:12', TIMESTAMPTZ '2016-01-31 10:11:12+00', NULL::INTEGER),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
         NULL, NULL))
      AS t(i8, u16, i32, i64, u64, f32, f64, d, b, t, day, clock, us, ms, ns, utc, none)
      """
    let connection = try InstalledEngine.connection()
    let first = try connection.table(sql)
    let expected = [
      "int8", "uint16", "int32", "int64", "uint64", "float32", "float64", "decimal(9,2)", "bool",
      "text", "date", "time[us]", "timestamp[us]", "timestamp[ms]", "timestamp[ns]",
      "timestamp[us,UTC]", "int32",
    ]
    #expect(first.schema.columns.map { $0.storedType!.description } == expected)
    try write(first.table, first.schema, to: folder + "/a.parquet")
    let second = try read(folder + "/a.parquet").content
    #expect(second.schema.columns.map { $0.storedType!.description } == expected)
    for (a, b) in zip(first.table.columns, second.table.columns) {
      #expect(a.missingCount == (a.name == "none" ? 2 : 1), "\(a.name)")
      if let a = a.numbers, let b = b.numbers {
        #expect(a.map(\.bitPattern) == b.map(\.bitPattern))
      } else {
        #expect(a == b)
      }
    }
  }

  @Test("Rows keep their order, whatever the threads and blocks; the bytes of a file, too")
  func order() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (table, schema) = try trips(300_000)
    try write(table, schema, to: folder + "/a.parquet")
    try write(table, schema, to: folder + "/b.parquet", blocks: 37)
    for threads in [1, 2, 4] {
      let found = try read(folder + "/a.parquet", threads: threads).content.table
      for (a, b) in zip(table.columns, found.columns) {
        if let a = a.numbers, let b = b.numbers {
          #expect(a.elementsEqual(b) { $0 == $1 || $0.isNaN && $1.isNaN }, "\(threads)")
        }
      }
      let chosen = try read(
        folder + "/a.parquet", folder + "/b.parquet",
        query: "select * from input where fare_amount > 20", threads: threads)
      #expect(chosen.rowsRead == 600_000)
      let fares = table["fare_amount"]!.numbers!.filter { $0 > 20 }
      #expect(chosen.content.table["fare_amount"]!.numbers!.elementsEqual(fares + fares))
    }
    #expect(
      try read(folder + "/b.parquet").content.table == read(folder + "/a.parquet").content.table)
  }

  @Test("Aggregates and orders are the same for any number of threads")
  func aggregates() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (table, schema) = try trips(200_000)
    try write(table, schema, to: folder + "/a.parquet")
    for query in [
      "select passenger_count, count(*), avg(fare_amount) from input group by all",
      "select * from input order by passenger_count limit 1000",
      "select approx_quantile(fare_amount, 0.9) q from input",
    ] {
      let results = try [1, 2, 4].map { try read(folder + "/a.parquet", query: query, threads: $0) }
      #expect(results[1].content.table == results[0].content.table, "\(query)")
      #expect(results[2].content.table == results[0].content.table, "\(query)")
    }
  }

  @Test("Files with other columns are united by name, or refused with the difference")
  func union() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func make(_ name: String, _ sql: String) throws -> String {
      let found = try InstalledEngine.connection().table(sql)
      try write(found.table, found.schema, to: folder + "/" + name)
      return folder + "/" + name
    }
    let a = try make("a.parquet", "SELECT 1::BIGINT AS x, 'p' AS y")
    let b = try make("b.parquet", "SELECT 2.5::DOUBLE AS X, 7 AS z")
    let c = try make("c.parquet", "SELECT 'three' AS x")
    let both = try read(a, b).content
    #expect(both.table.columnNames == ["x", "y", "z"])
    #expect(both.table["x"]?.numbers?.array == [1, 2.5])
    #expect(both.table["y"]?.missingCount == 1)
    #expect(both.notes.filter { $0.topic == .file }.compactMap(\.column) == ["x", "y", "z"])
    do {
      _ = try read(a, c)
      Issue.record("nothing was thrown")
    } catch EngineError.engine(_, let problem, _) {
      #expect(problem.contains("column 'x' differs") && problem.contains("VARCHAR in \(c)"))
    }
  }

  @Test("A writer that is given up leaves nothing, and an existing file as it was")
  func abandoned() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("before".utf8).write(to: URL(fileURLWithPath: folder + "/a.parquet"))
    let (table, schema) = try trips(5000)
    for rows in [0, 5000] {
      let writer = try ParquetWriter(
        path: folder + "/a.parquet", schema: schema, library: InstalledEngine.library!,
        options: InstalledEngine.options)
      if rows > 0 { try writer.write(table) }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.parquet"])
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder + "/a.parquet")) == Data("before".utf8))
  }

  @Test("Errors of the engine have a kind and one line")
  func errors() throws {
    let connection = try InstalledEngine.connection()
    for (sql, kind) in [
      ("selec", "Parser Error"), ("select x", "Binder Error"),
      ("select * from 'missing.parquet'", "IO Error"), ("select 'x'::int", "Conversion Error"),
      ("select error('stop')", "Invalid Input Error"),
    ] {
      do {
        _ = try connection.table(sql)
        Issue.record("\(sql): nothing was thrown")
      } catch EngineError.engine(let found, let problem, _) {
        #expect(found == kind && !problem.contains("\n"))
      }
    }
    // The connection is still usable.
    #expect(try connection.table("select 42 as x").table["x"]?.numbers?.array == [42])
  }

  @Test("An error of the caller ends a query")
  func cancelled() throws {
    struct Stop: Error {}
    var rows = 0
    #expect(throws: Stop.self) {
      _ = try InstalledEngine.connection().table("select range as x from range(100000000)") {
        rows = $0
        if rows > 200_000 { throw Stop() }
      }
    }
    #expect(rows > 200_000 && rows < 10_000_000)
  }

  @Test("A query that needs more memory than allowed fails")
  func memory() throws {
    let connection = try EngineConnection(
      InstalledEngine.library!, options: EngineOptions(threads: 1, memoryLimit: 64 << 20))
    do {
      _ = try connection.table("select x from range(30000000) t(x) order by hash(x)")
      Issue.record("nothing was thrown")
    } catch EngineError.engine(let kind, _, _) {
      #expect(kind == "Out of Memory Error")
    }
  }

  @Test("Splitting keeps every value, also nested ones")
  func split() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let connection = try InstalledEngine.connection()
    try connection.execute(
      "COPY (SELECT range AS x, [range, range + 1] AS l FROM range(200000)) TO "
        + "\(SQL.literal(folder + "/a.parquet")) (FORMAT parquet)")
    let source = EngineSource(kind: .parquet, paths: [folder + "/a.parquet"])
    #expect(try connection.rowCount(of: source) == 200_000)
    let isHeld = (0..<200_000).map { $0 % 5 == 3 || $0 == 77 }
    let split = try ParquetSplit(
      source, to: [folder + "/b.parquet", folder + "/c.parquet"],
      library: InstalledEngine.library!, options: InstalledEngine.options)
    try split.write(isHeld: isHeld)
    for (name, held) in [("b", false), ("c", true)] {
      let found = try connection.table(
        "SELECT x, l[2] AS y FROM \(SQL.literal(folder + "/\(name).parquet"))"
      ).table
      let expected = isHeld.indices.filter { isHeld[$0] == held }.map(Double.init)
      #expect(found["x"]!.numbers!.elementsEqual(expected))
      #expect(found["y"]!.numbers!.elementsEqual(expected.map { $0 + 1 }))
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
        "a.parquet", "b.parquet", "c.parquet",
      ])
  }

  @Test("JSON lines and database files")
  func otherSources() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("{\"a\": 1, \"b\": \"x\"}\n{\"a\": 2.5, \"c\": \"2016-01-01 10:00:00\"}\n".utf8)
      .write(to: URL(fileURLWithPath: folder + "/a.jsonl"))
    let lines = try InstalledEngine.connection().read(
      EngineSource(kind: .json, paths: [folder + "/a.jsonl"])
    ).content
    #expect(lines.table.columnNames == ["a", "b", "c"])
    #expect(lines.schema.columns[2].kind == .datetime)
    let database = folder + "/a.duckdb"
    let maker = try InstalledEngine.connection()
    try maker.execute("ATTACH \(SQL.literal(database)) AS made")
    try maker.execute("CREATE TABLE made.one AS SELECT 1 AS x")
    try maker.execute("DETACH made")
    let source = EngineSource(kind: .database, paths: [database])
    #expect(try InstalledEngine.connection().read(source).content.table["x"]?.numbers?.array == [1])
    try maker.execute("ATTACH \(SQL.literal(database)) AS made")
    try maker.execute("CREATE TABLE made.two AS SELECT 2 AS x")
    try maker.execute("DETACH made")
    #expect(throws: EngineError.self) { try InstalledEngine.connection().read(source) }
    var query = source
    query.query = "select * from two"
    #expect(try InstalledEngine.connection().read(query).content.table["x"]?.numbers?.array == [2])
  }
}

@Suite("An engine that is not there")
struct MissingEngineTests {
  @Test("What was tried is said, and why it failed")
  func missing() throws {
    #expect(throws: EngineError.library(tried: ["/nowhere/libduckdb.so"], reason: nil)) {
      _ = try EngineLibrary(searching: ["/nowhere/libduckdb.so"])
    }
    do {
      _ = try EngineLibrary(searching: [#filePath])
      Issue.record("nothing was thrown")
    } catch EngineError.library(_, let reason) {
      #expect(reason?.contains("EngineTests.swift") == true)
    }
  }

  @Test("A library that is not the engine's")
  func foreign() throws {
    let library = try EngineLibrary(searching: ["libc.so.6"])
    #expect(throws: EngineError.function("duckdb_adbc_init", library: "libc.so.6")) {
      _ = try EngineConnection(library, options: EngineOptions(threads: 1, memoryLimit: 1 << 30))
    }
  }
}
