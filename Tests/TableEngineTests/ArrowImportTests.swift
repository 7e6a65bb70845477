// SPDX-License-Identifier: Apache-2.0

import CArrow
import TableEngine
import TableTestSupport
import Tabular
import Testing

@Suite("Tables from Arrow streams")
struct ArrowImportTests {
  private typealias Array = HandMadeArray

  private func read(
    _ fields: [HandMadeField], _ batches: [HandMadeBatch], skipsUnsupported: Bool = false,
    threads: Int = 1
  ) throws -> EngineTable {
    let stream = HandMadeStream(fields, batches)
    defer { #expect(stream.released == stream.handedOut, "everything is released once") }
    return try stream.withStream {
      try ArrowTables.read($0, skipsUnsupported: skipsUnsupported, threads: threads)
    }
  }

  /// The values of a single column of one batch.
  private func column(
    _ format: String, _ array: HandMadeArray, rows: Int64, dictionary: String? = nil,
    rootOffset: Int64 = 0
  ) throws -> (Column, ColumnSchema, [SchemaNote]) {
    let found = try read(
      [HandMadeField("x", format, dictionary: dictionary)],
      [HandMadeBatch(length: rows, offset: rootOffset, columns: [array])])
    return (found.table.columns[0], found.schema.columns[0], found.notes)
  }

  private func texts(_ column: Column) -> [String?] {
    guard case .text(let codes, let categories) = column.values else { return [] }
    return codes.map { $0 < 0 ? nil : categories[Int($0)] }
  }

  private func same(_ column: Column, _ values: [Double]) -> Bool {
    guard let numbers = column.numbers else { return false }
    return numbers.map { $0.isNaN ? -1e300 : $0 } == values.map { $0.isNaN ? -1e300 : $0 }
  }

  private static let integerFormats = ["c", "C", "s", "S", "i", "I", "l", "L"]

  @Test("Integers of every width keep their type", arguments: integerFormats)
  func integers(format: String) throws {
    let values: [UInt8] =
      switch format {
      case "c": Array.bytes([1, -2, 3] as [Int8])
      case "C": Array.bytes([1, 254, 3] as [UInt8])
      case "s": Array.bytes([1, -2, 3] as [Int16])
      case "S": Array.bytes([1, 65_534, 3] as [UInt16])
      case "i": Array.bytes([1, -2, 3] as [Int32])
      case "I": Array.bytes([1, 4_294_967_294, 3] as [UInt32])
      case "l": Array.bytes([1, -2, 3] as [Int64])
      default: Array.bytes([1, 4_294_967_296, 3] as [UInt64])
      }
    let middle: Double =
      ["c": -2, "C": 254, "s": -2, "S": 65_534, "i": -2, "I": 4_294_967_294, "l": -2][format]
      ?? 4_294_967_296
    let (column, schema, _) = try column(
      format,
      Array(length: 3, nullCount: 1, buffers: [Array.bits([true, true, false]), values]), rows: 3)
    #expect(same(column, [1, middle, .nan]))
    #expect(schema.numberFormat?.decimals == 0)
    let bits = ["c": 8, "s": 16, "i": 32, "l": 64][format.lowercased()]!
    #expect(schema.storedType == .integer(bits: bits, isSigned: format == format.lowercased()))
  }

  @Test("Slices: the offsets of the array and of the batch add up")
  func slices() throws {
    let validity = Array.bits([
      true, false, true, false, true, true, true, false, true, true, false,
    ])
    let values = (0..<11).map { Int32($0) }
    let (numbers, _, _) = try column(
      "i", Array(length: 9, offset: 2, buffers: [validity, Array.bytes(values)]), rows: 6,
      rootOffset: 3)
    // Entries 5 to 10 of the buffers.
    #expect(same(numbers, [5, 6, .nan, 8, 9, .nan]))
    let offsets: [Int32] = [0, 1, 3, 3, 6, 7, 8, 9, 10, 11, 12, 13]
    let (words, _, _) = try column(
      "u",
      Array(
        length: 9, offset: 2,
        buffers: [validity, Array.bytes(offsets), Swift.Array("abbcccdefghij".utf8)]),
      rows: 6, rootOffset: 3)
    #expect(texts(words) == ["e", "f", nil, "h", "i", nil])
    let (flags, _, _) = try column(
      "b", Array(length: 9, offset: 2, buffers: [validity, validity]), rows: 6, rootOffset: 3)
    #expect(texts(flags) == ["true", "true", nil, "true", "true", nil])
  }

  @Test("Empty batches and empty arrays are no rows")
  func empty() throws {
    let none = HandMadeBatch(
      length: 0,
      columns: [
        Array(length: 0, buffers: [nil, nil]), Array(length: 0, buffers: [nil, nil, nil]),
      ])
    let one = HandMadeBatch(
      length: 1,
      columns: [
        Array(length: 1, buffers: [nil, Array.bytes([1.5])]),
        Array(length: 1, buffers: [nil, Array.bytes([0, 0] as [Int32]), nil]),
      ])
    let fields = [HandMadeField("a", "g"), HandMadeField("b", "u")]
    let found = try read(fields, [none, one, none, one, none])
    #expect(found.table.rowCount == 2)
    #expect(texts(found.table.columns[1]) == ["", ""])
    #expect(try read(fields, [none]).table.rowCount == 0)
    #expect(try read(fields, []).table.columnNames == ["a", "b"])
    #expect(try read([], []).table.columns.isEmpty)
  }

  @Test("Texts with long offsets, as views, and by dictionary are the same")
  func textLayouts() throws {
    let words = ["ab", "", "a text of more than twelve bytes", "ü", "ab"]
    let data = words.flatMap { Swift.Array($0.utf8) }
    var offsets: [Int64] = [0]
    for word in words { offsets.append(offsets.last! + Int64(word.utf8.count)) }
    let valid = Array.bits([true, true, true, true, false])
    let expected: [String?] = ["ab", "", words[2], "ü", nil]
    let large = try column(
      "U", Array(length: 5, buffers: [valid, Array.bytes(offsets), data]), rows: 5)
    #expect(texts(large.0) == expected)
    var views: [UInt8] = []
    let long = Swift.Array(words[2].utf8)
    for word in words {
      let bytes = Swift.Array(word.utf8)
      views += Array.bytes([Int32(bytes.count)])
      views +=
        bytes.count <= 12
        ? bytes + [UInt8](repeating: 0, count: 12 - bytes.count)
        : Swift.Array(bytes.prefix(4)) + Array.bytes([0, 0] as [Int32])
    }
    let viewed = try column(
      "vu",
      Array(length: 5, buffers: [valid, views, long, Array.bytes([Int64(long.count)])]), rows: 5)
    #expect(texts(viewed.0) == expected)
    let dictionary = Array(
      length: 4, buffers: [nil, Array.bytes(offsets.prefix(5).map { Int32($0) }), data])
    for (format, indices) in [
      ("c", Array.bytes([0, 1, 2, 3, 99] as [Int8])),
      ("L", Array.bytes([0, 1, 2, 3, 99] as [UInt64])),
    ] {
      let coded = try column(
        format, Array(length: 5, buffers: [valid, indices], dictionary: dictionary), rows: 5,
        dictionary: "u")
      #expect(texts(coded.0) == expected)
      #expect(coded.1.storedType == .text)
    }
  }

  @Test("Dictionaries may change from batch to batch")
  func dictionaries() throws {
    func batch(_ words: [String], _ indices: [Int16]) -> HandMadeBatch {
      var offsets: [Int32] = [0]
      for word in words { offsets.append(offsets.last! + Int32(word.utf8.count)) }
      let dictionary = Array(
        length: Int64(words.count),
        buffers: [nil, Array.bytes(offsets), words.flatMap { Swift.Array($0.utf8) }])
      return HandMadeBatch(
        length: Int64(indices.count),
        columns: [
          Array(
            length: Int64(indices.count), buffers: [nil, Array.bytes(indices)],
            dictionary: dictionary)
        ])
    }
    let found = try read(
      [HandMadeField("x", "s", dictionary: "u")],
      [batch(["a", "b"], [1, 0]), batch(["c", "b"], [0, 1, 0])])
    #expect(texts(found.table.columns[0]) == ["b", "a", "c", "b", "c"])
  }

  @Test("Integers beyond 2^53 are kept as texts, those before them too")
  func longIntegers() throws {
    let values: [Int64] = [5, 9_007_199_254_740_993, -7, 0]
    let valid = Array.bits([true, true, true, false])
    let (column, schema, notes) = try column(
      "l", Array(length: 4, buffers: [valid, Array.bytes(values)]), rows: 4)
    #expect(texts(column) == ["5", "9007199254740993", "-7", nil])
    #expect(schema.storedType == .integer(bits: 64, isSigned: true))
    #expect(notes.contains { $0.topic == .code && $0.column == "x" })
    let exact: [Int64] = [9_007_199_254_740_992, -9_007_199_254_740_992]
    let (numbers, _, _) = try self.column(
      "l", Array(length: 2, buffers: [nil, Array.bytes(exact)]), rows: 2)
    #expect(same(numbers, [9_007_199_254_740_992, -9_007_199_254_740_992]))
    // In a later batch.
    let batches = [[1, 2], [Int64.max, 3]].map { part in
      HandMadeBatch(
        length: 2, columns: [Array(length: 2, buffers: [nil, Array.bytes(part as [Int64])])])
    }
    let later = try read([HandMadeField("x", "l")], batches)
    #expect(texts(later.table.columns[0]) == ["1", "2", "9223372036854775807", "3"])
  }

  @Test("Decimals have the digits of their scale")
  func decimals() throws {
    func bytes(_ values: [Int128]) -> [UInt8] { Array.bytes(values) }
    let (column, schema, _) = try column(
      "d:9,2,128", Array(length: 3, buffers: [nil, bytes([1230, -5, 0])]), rows: 3)
    #expect(same(column, [12.3, -0.05, 0]))
    #expect(schema.numberFormat == NumberFormat(style: .fixed, decimals: 2))
    #expect(schema.storedType == .decimal(precision: 9, scale: 2))
    #expect(schema.text(of: 12.3) == "12.30")
    let narrow = try self.column(
      "d:9,2,32", Array(length: 2, buffers: [nil, Array.bytes([1230, -5] as [Int32])]), rows: 2)
    #expect(same(narrow.0, [12.3, -0.05]))
    let whole = try self.column(
      "d:38,0", Array(length: 2, buffers: [nil, bytes([1, 123_456_789_012_345_678_901])]), rows: 2)
    #expect(texts(whole.0) == ["1", "123456789012345678901"])
    let long = try self.column(
      "d:38,2", Array(length: 1, buffers: [nil, bytes([123_456_789_012_345_678])]), rows: 1)
    #expect(same(long.0, [1_234_567_890_123_456.78]))
    #expect(long.2.contains { $0.topic == .precision })
  }

  @Test("Times keep unit and zone")
  func times() throws {
    for (format, ticks, type) in [
      ("tss:", 1, StoredType.timestamp(.seconds, zone: nil)),
      ("tsm:", 1000, .timestamp(.milliseconds, zone: nil)),
      ("tsu:UTC", 1_000_000, .timestamp(.microseconds, zone: "UTC")),
      ("tsn:", 1_000_000_000, .timestamp(.nanoseconds, zone: nil)),
    ] {
      let values = [1_467_331_199, -1].map { Int64($0 * ticks) }
      let (column, schema, _) = try column(
        format, Array(length: 2, buffers: [nil, Array.bytes(values)]), rows: 2)
      #expect(same(column, [1_467_331_199, -1]), "\(format)")
      #expect(schema.storedType == type && schema.kind == .datetime, "\(format)")
    }
    let fraction = try column(
      "tsu:", Array(length: 1, buffers: [nil, Array.bytes([1_467_331_199_123_456 as Int64])]),
      rows: 1)
    #expect(fraction.1.text(of: fraction.0.numbers![0]) == "2016-06-30 23:59:59.123456")
    let cut = try column(
      "tsn:", Array(length: 1, buffers: [nil, Array.bytes([-1 as Int64])]), rows: 1)
    #expect(cut.2.contains { $0.topic == .precision } && same(cut.0, [-1e-6]))
    let days = try column(
      "tdD", Array(length: 2, buffers: [nil, Array.bytes([1, -1] as [Int32])]), rows: 2)
    #expect(same(days.0, [86_400, -86_400]) && days.1.text(of: 86_400) == "1970-01-02")
    let clock = try column(
      "ttu", Array(length: 1, buffers: [nil, Array.bytes([3_720_000_000 as Int64])]), rows: 1)
    #expect(clock.1.text(of: clock.0.numbers![0]) == "01:02:00")
    #expect(clock.1.storedType == .time(.microseconds))
  }

  @Test("Times in texts are times where every text is one")
  func timeTexts() throws {
    func texts(_ words: [String]) throws -> (Column, ColumnSchema, [SchemaNote]) {
      var offsets: [Int32] = [0]
      for word in words { offsets.append(offsets.last! + Int32(word.utf8.count)) }
      return try column(
        "u",
        Array(
          length: Int64(words.count),
          buffers: [nil, Array.bytes(offsets), words.flatMap { Swift.Array($0.utf8) }]),
        rows: Int64(words.count))
    }
    let times = try texts(["2009-01-12 14:57:00", "2009-01-31 00:00:01"])
    #expect(times.1.kind == .datetime && times.1.storedType == .text)
    #expect(times.1.text(of: times.0.numbers![0]) == "2009-01-12 14:57:00")
    #expect(try texts(["2009-01-12 14:57:00", "soon"]).1.kind != .datetime)
    #expect(try texts(["12", "13"]).1.kind != .datetime)
  }

  @Test("NaN is missing and said so; an infinity is an error")
  func notNumbers() throws {
    let (column, _, notes) = try column(
      "g", Array(length: 2, buffers: [nil, Array.bytes([1, Double.nan])]), rows: 2)
    #expect(same(column, [1, .nan]))
    #expect(notes.contains { $0.topic == .missingText })
    #expect(throws: EngineError.infinity(column: "x", row: 2)) {
      try self.column(
        "f", Array(length: 2, buffers: [nil, Array.bytes([1, -Float.infinity])]), rows: 2)
    }
  }

  @Test("Columns of missing values only")
  func allMissing() throws {
    let (null, schema, _) = try column("n", Array(length: 3, buffers: []), rows: 3)
    #expect(same(null, [.nan, .nan, .nan]) && schema.storedType == .null)
    let (integers, _, _) = try column(
      "i",
      Array(
        length: 3, nullCount: 3, buffers: [[0], Array.bytes([7, 8, 9] as [Int32])]), rows: 3)
    #expect(same(integers, [.nan, .nan, .nan]))
  }

  @Test("Nested and binary columns are refused by name, or skipped")
  func unsupported() throws {
    let fields = [
      HandMadeField("a", "i"), HandMadeField("list", "+l"), HandMadeField("bytes", "z"),
      HandMadeField("pause", "tin"), HandMadeField("wide", "d:50,2,256"),
    ]
    let values = Array(length: 1, buffers: [nil, Array.bytes([1 as Int32])])
    let batch = HandMadeBatch(length: 1, columns: [HandMadeArray](repeating: values, count: 5))
    do {
      _ = try read(fields, [batch])
      Issue.record("nothing was thrown")
    } catch EngineError.unsupported(let columns) {
      #expect(columns.map(\.name) == ["list", "bytes", "pause", "wide"])
      #expect(columns.map(\.type).prefix(3) == ["list", "binary", "interval"])
    }
    let found = try read(fields, [batch], skipsUnsupported: true)
    #expect(found.table.columnNames == ["a"] && found.skipped.count == 4)
  }

  @Test("Contradictions are found before anything is read")
  func malformed() throws {
    let valid = Array.bytes([1, 2] as [Int32])
    func reject(
      _ format: String, _ array: HandMadeArray, rows: Int64 = 2, rootOffset: Int64 = 0,
      dictionary: String? = nil, _ location: SourceLocation = #_sourceLocation
    ) {
      #expect(sourceLocation: location) {
        try self.column(
          format, array, rows: rows, dictionary: dictionary, rootOffset: rootOffset)
      } throws: { error in
        if case EngineError.malformed = error { true } else { false }
      }
    }
    reject("i", Array(length: 1, buffers: [nil, valid]))
    reject("i", Array(length: 2, buffers: [nil, valid]), rootOffset: 1)
    reject("i", Array(length: -1, buffers: [nil, valid]))
    reject("i", Array(length: 2, offset: -1, buffers: [nil, valid]))
    reject("i", Array(length: .max, offset: .max, buffers: [nil, valid]))
    reject("i", Array(length: 2, buffers: [nil, valid]), rows: -1)
    reject("i", Array(length: 2, buffers: [nil, nil]))
    reject("i", Array(length: 2, buffers: [nil]))
    reject("i", Array(length: 2, buffers: [nil, valid, valid]))
    reject("i", Array(length: 2, nullCount: 1, buffers: [nil, valid]))
    reject("i", Array(length: 2, nullCount: 3, buffers: [[3], valid]))
    let word = Swift.Array("ab".utf8)
    for offsets in [[0, 2, 1], [-1, 0, 1], [2, 1, 2], [0, 1, -1]] as [[Int32]] {
      reject("u", Array(length: 2, buffers: [nil, Array.bytes(offsets), word]))
    }
    reject("u", Array(length: 2, buffers: [nil, Array.bytes([0, 1, 2] as [Int32]), nil]))
    reject("u", Array(length: 1, buffers: [nil, Array.bytes([0, 1] as [Int32]), [0xFF]]), rows: 1)
    let dictionary = Array(length: 1, buffers: [nil, Array.bytes([0, 2] as [Int32]), word])
    for indices in [[0, 1], [-1, 0], [0, .max]] as [[Int32]] {
      reject(
        "i", Array(length: 2, buffers: [nil, Array.bytes(indices)], dictionary: dictionary),
        dictionary: "u")
    }
    reject("i", Array(length: 2, buffers: [nil, valid]), dictionary: "u")
    func view(_ length: Int32, _ buffer: Int32, _ offset: Int32) -> HandMadeArray {
      Array(
        length: 1,
        buffers: [
          nil, Array.bytes([length, 0, buffer, offset]), [UInt8](repeating: 97, count: 20),
          Array.bytes([20 as Int64]),
        ])
    }
    for bad in [
      view(21, 0, 0), view(20, 1, 0), view(20, -1, 0), view(20, 0, 1), view(-1, 0, 0),
      view(13, 0, -1),
    ] {
      reject("vu", bad, rows: 1)
    }
    #expect(
      texts(try column("vu", view(20, 0, 0), rows: 1).0) == [String(repeating: "a", count: 20)])
  }

  @Test("The table is the same for any number of threads and batches")
  func threads() throws {
    let count = 200_000
    let values = (0..<count).map { Double($0 % 977) / 4 }
    let codes = (0..<count).map { Int32($0 % 31) }
    func batches(_ size: Int) -> [HandMadeBatch] {
      stride(from: 0, to: count, by: size).map { start in
        let rows = start..<min(start + size, count)
        return HandMadeBatch(
          length: Int64(rows.count),
          columns: [
            Array(
              length: Int64(rows.count), buffers: [nil, Array.bytes(Swift.Array(values[rows]))]),
            Array(
              length: Int64(rows.count), buffers: [nil, Array.bytes(Swift.Array(codes[rows]))]),
          ])
      }
    }
    let fields = [HandMadeField("a", "g"), HandMadeField("b", "i")]
    let first = try read(fields, batches(2048))
    for (size, threads) in [(2048, 4), (100_000, 2), (777, 3)] {
      let other = try read(fields, batches(size), threads: threads)
      #expect(other.table == first.table && other.schema == first.schema)
    }
    #expect(first.schema.columns[0].numberFormat?.decimals == 2)
    #expect(same(first.table.columns[0], values))
  }
}
