// SPDX-License-Identifier: Apache-2.0

import Foundation
import WorkSharing
import Tabular

/// Turns tables into rows of numbers for a network, and such rows back into tables.
///
/// Fitted once; a value from then on, stored with the model as JSON. Nothing depends on the number
/// of threads.
///
/// ```swift
/// let encoder = try TableEncoder.fit(
///   table: table, schema: schema, configuration: .standard, seed: 1)
/// let encoded = try encoder.transform(table, seed: 1)
/// encoded.expand(rows: [4, 8], into: buffer, stride: encoder.width)  // a batch of two dense rows
/// let same = try encoder.inverse(UnsafeBufferPointer(buffer), count: 2, stride: encoder.width, seed: 1)
/// ```
public struct TableEncoder: Sendable, Equatable {
  /// The relations between columns that were found, in the order in which targets are computed.
  public let relations: [ColumnRelation]
  /// The order relations between columns, in the order in which they are enforced.
  public let orders: [OrderRelation]
  /// All spans, in ascending order of their offset.
  public let spans: [OutputSpan]
  package private(set) var columns: [ColumnCodec]
  /// The first position of each column.
  package let offsets: [Int]
  /// For each span, its number within its column.
  let spanNumbers: [Int]

  /// Positions of an encoded row.
  public var width: Int { spans.last.map { $0.offset + $0.width } ?? 0 }

  /// The columns, in their order.
  public var columnNames: [String] { columns.map(\.name) }

  private init(
    columns: [ColumnCodec], relations: [ColumnRelation], orders: [OrderRelation]
  ) {
    self.columns = columns
    self.relations = relations
    self.orders = orders
    var spans: [OutputSpan] = []
    var offsets: [Int] = []
    var numbers: [Int] = []
    var offset = 0
    for (c, column) in columns.enumerated() {
      offsets.append(offset)
      let own = column.encoder.encoder.spans
      numbers += own.indices
      for var span in own {
        span.column = c
        span.offset += offset
        spans.append(span)
      }
      offset = spans.last.map { $0.offset + $0.width } ?? 0
    }
    self.spans = spans
    self.offsets = offsets
    spanNumbers = numbers
  }

  /// The same encoder with running-number keys that begin at `number`.
  ///
  /// - Throws: ``TabularError/encoding(_:)`` if no column has running-number keys.
  public func startingKeys(at number: Int) throws(TabularError) -> TableEncoder {
    var copy = self
    var isFound = false
    for c in columns.indices {
      guard let keys = columns[c].identifiers, keys.isSequential else { continue }
      copy.columns[c].identifiers = keys.starting(at: number)
      isFound = true
    }
    guard isFound else { throw .encoding("no id column is a running number") }
    return copy
  }

  // MARK: Fit

  /// Learns the columns of a table, in parallel. O(columns x rows log rows).
  ///
  /// - Parameters:
  ///   - schema: has an entry for each column of the table.
  ///   - seed: reserved for encoders that draw while fitting; currently unused.
  ///   - threads: number of threads.
  /// - Throws: ``TabularError`` if there is nothing to learn, or the schema does not match the
  ///   table.
  public static func fit(
    table: Table, schema: Schema, configuration: EncodingConfiguration, seed: UInt64,
    threads: Int = usableProcessors()
  ) throws(TabularError) -> TableEncoder {
    do {
      return try fit(
        table: table, schema: schema, configuration: configuration, seed: seed, threads: threads,
        onProgress: { _ in })
    } catch {
      // Without a progress callback, nothing else is thrown.
      throw error as? TabularError ?? .encoding("\(error)")
    }
  }

  /// Fits an encoder and reports progress, for tables with many columns.
  ///
  /// - Parameter onProgress: called with the progress on the calling thread; an error it throws
  ///   ends the fitting.
  public static func fit(
    table: Table, schema: Schema, configuration: EncodingConfiguration, seed: UInt64,
    threads: Int = usableProcessors(), onProgress: (FittingProgress) throws -> Void
  ) throws -> TableEncoder {
    guard !table.columns.isEmpty, table.rowCount > 0 else {
      throw TabularError.encoding("there are no rows to learn from")
    }
    let schemas = try self.schemas(of: table, in: schema)
    var relations: [ColumnRelation] = []
    if configuration.findsRelations {
      relations = try ColumnRelation.all(in: table, schema: schema) {
        try onProgress(FittingProgress(stage: .relations, share: $0))
      }
    }
    let orders =
      configuration.findsRelations
      ? OrderRelation.all(in: table, schema: schema, beside: relations) : []
    let selection = EncoderSelection(configuration: configuration)
    let targets = Dictionary(uniqueKeysWithValues: relations.map { ($0.target, $0) })
    var columns: [ColumnCodec] = []
    for first in stride(from: 0, to: table.columns.count, by: columnsPerTask) {
      try onProgress(
        FittingProgress(stage: .columns, share: Double(first) / Double(table.columns.count)))
      let count = min(columnsPerTask, table.columns.count - first)
      let fitted = parallelMap(count, threads: threads) { position in
        let column = table.columns[first + position]
        return Result { () throws(TabularError) in
          try fit(
            column, of: table, schema: schemas[first + position], relation: targets[column.name],
            selection: selection)
        }
      }
      for result in fitted { columns.append(try result.get()) }
    }
    try onProgress(FittingProgress(stage: .features, share: 0))
    if configuration.groupsRareCategories {
      columns = CategoryGrouping(
        table: table, columns: columns, relations: relations, threads: threads
      ).groupedColumns()
    }
    for case (let name, .category(let encoder)) in columns.map({ ($0.name, $0.encoder) }) {
      do { try encoder.validatePositions() } catch { throw error.ofColumn(name) }
    }
    return try TableEncoder(columns: columns, relations: relations, orders: orders).readBack()
  }

  /// Number of columns between two progress reports: enough to keep all threads busy.
  private static let columnsPerTask = 256

  /// The schema of each column of a table.
  private static func schemas(
    of table: Table, in schema: Schema
  ) throws(TabularError) -> [ColumnSchema] {
    let known = Dictionary(
      schema.columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var schemas: [ColumnSchema] = []
    for column in table.columns {
      guard let schema = known[column.name] else {
        throw .schema(
          "there is no entry for column '\(column.name)'", hint: "add it, or infer the schema")
      }
      if case .text = column.values, [.continuous, .integer, .datetime].contains(schema.kind) {
        throw .schema(
          "column '\(column.name)' is declared \(schema.kind.rawValue), but it holds text")
      }
      schemas.append(schema)
    }
    return schemas
  }

  private static func fit(
    _ column: Column, of table: Table, schema: ColumnSchema, relation: ColumnRelation?,
    selection: EncoderSelection
  ) throws(TabularError) -> ColumnCodec {
    let isIdentifier = schema.kind.isReplaced
    let storage: ColumnCodec.Storage =
      switch column.values {
      case .number: .number
      case .datetime: .datetime
      case .text(_, let categories): .text(categories: isIdentifier ? [] : categories)
      }
    let encoder: FittedColumnEncoder
    do throws(TabularError) {
      if isIdentifier {
        encoder = .constant(ConstantEncoder(fitting: []))
      } else if let relation {
        let residual = relation.residual(
          target: column.encodableNumbers,
          parts: relation.parts.map { table[$0]!.encodableNumbers })
        let pointMasses = ValueSummary(residual, limit: SchemaInference.exactRows).pointMasses()
        encoder = try selection.quantity(
          residual, format: NumberFormat(style: .shortest, decimals: relation.residualDecimals),
          pointMasses: pointMasses.map(\.value))
      } else {
        encoder = try selection.fit(column.encodableNumbers, schema: schema)
      }
    } catch {
      throw error.ofColumn(column.name)
    }
    return ColumnCodec(
      name: column.name, storage: storage, encoder: encoder,
      identifiers: isIdentifier ? IdentifierSequence(column) : nil)
  }
}

extension TableEncoder: Codable {
  private enum CodingKeys: String, CodingKey { case columns, relations, orders }

  /// Decodes an encoder; relations between columns that it does not have are refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let columns = try container.decode([ColumnCodec].self, forKey: .columns)
    let relations = try container.decode([ColumnRelation].self, forKey: .relations)
    let orders = try container.decodeIfPresent([OrderRelation].self, forKey: .orders) ?? []
    let names = Set(columns.map(\.name))
    guard names.count == columns.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .columns, in: container, debugDescription: "two columns have one name")
    }
    if let validationProblem = Self.validationProblem(of: relations, columns: columns) {
      throw DecodingError.dataCorruptedError(
        forKey: .relations, in: container, debugDescription: validationProblem)
    }
    guard orders.allSatisfy({ names.isSuperset(of: [$0.greater, $0.smaller]) && $0.isValid }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .orders, in: container, debugDescription: "an order has an unknown column")
    }
    self.init(columns: columns, relations: relations, orders: orders)
    guard width <= Int(Int32.max) else {
      throw DecodingError.dataCorruptedError(
        forKey: .columns, in: container, debugDescription: "a row would have \(width) positions")
    }
  }

  /// Why the relations do not fit these columns; nil if they do.
  private static func validationProblem(
    of relations: [ColumnRelation], columns: [ColumnCodec]
  ) -> String? {
    let storages = Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.storage) })
    var targets: Set<String> = []
    for relation in relations {
      guard let storage = storages[relation.target],
        relation.parts.allSatisfy({ storages[$0] != nil })
      else { return "a relation has an unknown column" }
      guard targets.insert(relation.target).inserted, !relation.parts.contains(relation.target)
      else { return "column '\(relation.target)' is computed twice, or from itself" }
      guard relation.isValid else { return "a number in '\(relation)' is out of range" }
      if case .text(let categories) = storage {
        guard case .dependency(let dependency) = relation,
          dependency.yieldsPositions(of: categories.count)
        else { return "'\(relation)' yields no texts of column '\(relation.target)'" }
      }
    }
    return nil
  }

  /// Encodes what cannot be computed from the rest.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(columns, forKey: .columns)
    try container.encode(relations, forKey: .relations)
    if !orders.isEmpty { try container.encode(orders, forKey: .orders) }
  }
}
