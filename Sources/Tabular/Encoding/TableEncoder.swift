import Foundation

/// Turns tables into rows of numbers for a network, and such rows back into tables.
///
/// Fitted once; a value from then on, stored with the model as JSON.
public struct TableEncoder: Sendable, Codable {
  /// One column: how it is stored, how it is encoded, and where in the encoded row.
  struct Entry: Sendable, Codable {
    enum Storage: Sendable, Codable {
      case number, datetime
      case text(levels: [String])
    }
    var name: String
    var storage: Storage
    var encoder: AnyColumnEncoder
    var identifiers: IdentifierSequence?
    var offset: Int
  }

  private var entries: [Entry]
  private let relations: [LinearRelation]
  /// All spans, in ascending order of their offset.
  public let spans: [OutputSpan]

  /// Positions of an encoded row.
  public var width: Int { spans.last.map { $0.offset + $0.width } ?? 0 }

  /// Learns the columns of a table. O(columns x rows log rows).
  ///
  /// - Throws: ``TabularError`` where the schema does not fit the table.
  public static func fit(
    table: Table, schema: Schema, configuration: EncodingConfiguration, seed: UInt64
  ) throws(TabularError) -> TableEncoder {
    try TableEncoder(fitting: table, schema: schema, configuration: configuration)
  }

  private init(
    fitting table: Table, schema: Schema, configuration: EncodingConfiguration
  ) throws(TabularError) {
    guard table.rowCount > 0 else { throw .encoding("there are no rows to learn from") }
    for column in table.columns {
      guard let kind = schema[column.name]?.kind else {
        throw .schema("there is nothing on column '\(column.name)'")
      }
      if case .text = column.values, [.continuous, .integer, .datetime].contains(kind) {
        throw .schema("column '\(column.name)' is declared \(kind.rawValue), but it holds text")
      }
    }
    relations =
      configuration.findsRelations
      ? RelationFinder(table: table, schema: schema).relations() : []
    let fitted = Slots<Result<AnyColumnEncoder, TabularError>>(count: table.columns.count)
    let relations = self.relations
    DispatchQueue.concurrentPerform(iterations: table.columns.count) { c in
      let column = table.columns[c]
      let relation = relations.first { $0.target == column.name }
      fitted.set(
        c,
        Result { () throws(TabularError) in
          try Self.fit(
            column, of: table, schema: schema[column.name]!, relation: relation,
            configuration: configuration)
        })
    }
    var entries: [Entry] = []
    var spans: [OutputSpan] = []
    var offset = 0
    for (c, (column, result)) in zip(table.columns, fitted.all).enumerated() {
      let encoder = try result.get()
      let storage: Entry.Storage =
        switch column.values {
        case .number: .number
        case .datetime: .datetime
        case .text(_, let levels): .text(levels: schema[column.name]?.kind == .id ? [] : levels)
        }
      entries.append(
        Entry(
          name: column.name, storage: storage, encoder: encoder,
          identifiers: schema[column.name]?.kind == .id ? IdentifierSequence(column) : nil,
          offset: offset))
      for var span in encoder.encoder.spans {
        span.column = c
        span.offset += offset
        spans.append(span)
      }
      offset = spans.last.map { $0.offset + $0.width } ?? 0
    }
    self.entries = entries
    self.spans = spans
  }

  private static func fit(
    _ column: Column, of table: Table, schema: ColumnSchema, relation: LinearRelation?,
    configuration: EncodingConfiguration
  ) throws(TabularError) -> AnyColumnEncoder {
    guard let relation else {
      return try AnyColumnEncoder.fit(
        codes(of: column), schema: schema, atoms: schema.atoms.map(\.value), isPoint: true,
        configuration: configuration)
    }
    let rest = relation.rest { codes(of: table[$0]!) }
    let summary = ValueSummary(rest, limit: SchemaInference.exactRows)
    return try AnyColumnEncoder.fit(
      rest,
      schema: ColumnSchema(
        name: schema.name, kind: .continuous,
        numberFormat: NumberFormat(style: .shortest, decimals: relation.decimals)),
      atoms: summary.atoms().map(\.value), isPoint: false, configuration: configuration)
  }

  /// A column as numbers: text by its codes.
  private static func codes(of column: Column) -> [Double] {
    switch column.values {
    case .number(let values), .datetime(let values): values
    case .text(let codes, _): codes.map { $0 < 0 ? .nan : Double($0) }
    }
  }

  // MARK: Transform

  /// The encoded form of a table that has the fitted columns. Random choices (a mode, a place in a
  /// tie) follow the seed and the row. O(columns x rows).
  ///
  /// - Throws: ``TabularError/encoding(_:)`` where a column is missing or of another type.
  public func transform(_ table: Table, seed: UInt64) throws(TabularError) -> EncodedTable {
    var columns: [[Double]] = []
    for entry in entries {
      guard let column = table[entry.name] else {
        throw .encoding("the table has no column '\(entry.name)'")
      }
      columns.append(try entry.values(of: column))
    }
    let index = Dictionary(uniqueKeysWithValues: zip(entries.map(\.name), 0...))
    let (entries, relations, values) = (entries, relations, columns)
    let encoded = Slots<[EncodedTable.Block]>(count: entries.count)
    DispatchQueue.concurrentPerform(iterations: entries.count) { c in
      let relation = relations.first { $0.target == entries[c].name }
      let input = relation?.rest { values[index[$0]!] } ?? values[c]
      encoded.set(
        c, entries[c].encoder.encoder.transform(input, seed: seed &+ UInt64(c) &* 0x9E37_79B9))
    }
    return EncodedTable(
      spans: spans, blocks: encoded.all.flatMap(\.self), rowCount: table.rowCount)
  }

  /// The table that encoded rows stand for, columns in the fitted order. `rows` holds `count` rows
  /// at a distance of `stride` floats; `firstRow` is the number of the first one, for keys.
  /// O(rows x width).
  public func inverse(
    _ rows: UnsafeBufferPointer<Float>, count: Int, stride: Int, firstRow: Int = 0
  ) throws(TabularError) -> Table {
    precondition(count == 0 || rows.count >= (count - 1) * stride + width)
    let encoders = entries.map { ($0.encoder.encoder, $0.offset) }
    let decoded = Slots<[Double]>(count: entries.count)
    let shared = SharedFloats(base: rows.baseAddress)
    DispatchQueue.concurrentPerform(iterations: entries.count) { c in
      let (encoder, offset) = encoders[c]
      var values = [Double](repeating: .nan, count: count)
      if let base = shared.base {
        for row in 0..<count { values[row] = encoder.inverse(base + row * stride + offset) }
      }
      decoded.set(c, values)
    }
    var values = decoded.all
    let index = Dictionary(uniqueKeysWithValues: zip(entries.map(\.name), 0...))
    for relation in relations {
      let target = index[relation.target]!
      values[target] = relation.restore(rest: values[target]) { values[index[$0]!] }
    }
    return try Table(
      columns: zip(entries, values).map { entry, values in
        entry.column(values, rows: firstRow..<firstRow + count)
      })
  }

  // MARK: Meaning

  /// The names of a categorical span's levels; a missing value is "".
  public func categoryLevels(ofSpan span: Int) -> [String] {
    let entry = entries[spans[span].column]
    guard case .category(let encoder) = entry.encoder else { return [] }
    return encoder.levels.map(entry.text) + (encoder.hasMissing ? [""] : [])
  }

  /// What each position of the encoded row stands for, as "column/span/level": equal labels in two
  /// encoders mean the same thing.
  public var positionLabels: [String] {
    var labels: [String] = []
    var (column, number) = (-1, 0)
    for (s, span) in spans.enumerated() {
      number = span.column == column ? number + 1 : 0
      column = span.column
      let levels = span.isCategory ? categoryLevels(ofSpan: s) : []
      for level in 0..<span.width {
        labels.append(
          "\(entries[column].name)/\(number)/\(level < levels.count ? levels[level] : "#\(level)")")
      }
    }
    return labels
  }
}

extension TableEncoder.Entry {
  /// A column of a table as this encoder's numbers: texts by their place among the fitted levels.
  fileprivate func values(of column: Column) throws(TabularError) -> [Double] {
    switch (storage, column.values) {
    case (.number, .number(let values)), (.datetime, .datetime(let values)): return values
    case (.text(let levels), .text(let codes, let other)):
      if levels == other { return codes.map { $0 < 0 ? .nan : Double($0) } }
      let index = Dictionary(zip(levels, 0...), uniquingKeysWith: { first, _ in first })
      let map = other.map { index[$0].map(Double.init) ?? .nan }
      return codes.map { $0 < 0 ? .nan : map[Int($0)] }
    default:
      throw .encoding("column '\(column.name)' is of another type than the one that was fitted")
    }
  }

  /// Generated values as a column.
  fileprivate func column(_ values: [Double], rows: Range<Int>) -> Column {
    if let identifiers { return identifiers.column(name: name, rows: rows) }
    switch storage {
    case .number: return Column(name: name, values: .number(values))
    case .datetime: return Column(name: name, values: .datetime(values))
    case .text(let levels):
      return Column(
        name: name,
        values: .text(codes: values.map { $0.isNaN ? -1 : Int32($0) }, levels: levels))
    }
  }

  /// The text of a level.
  fileprivate func text(_ value: Double) -> String {
    if case .text(let levels) = storage { return levels[Int(value)] }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

/// Floats that several threads read and none writes, for the length of a call.
private struct SharedFloats: @unchecked Sendable {
  let base: UnsafePointer<Float>?

  init(base: UnsafePointer<Float>?) { self.base = base }
}
