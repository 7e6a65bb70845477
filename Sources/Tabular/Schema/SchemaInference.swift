// SPDX-License-Identifier: Apache-2.0

import Foundation
import WorkSharing

/// Infers the kinds of a table's columns.
///
/// The rules, in this order:
/// - no values, or a single value without missing ones: `constant`;
/// - physically a time: `datetime`;
/// - text: `boolean` for a pair of opposites (Y/N, yes/no, true/false, T/F); `id` or `text` where
///   (nearly) every row has a different text (``KeyShape``), else `categorical`;
/// - only the numbers 0 and 1: `boolean`;
/// - whole numbers that are all different and a key by name or range (``KeyShape``): `id`;
/// - whole numbers with at most 20 values, or with at most 1,000 values, 20 rows per value and a
///   name that ends in "id", "code", "zone" or "type": `categorical`; else `integer`;
/// - all other numbers: `continuous`.
public enum SchemaInference {
  /// What is known from a column's text or source but not from its values.
  public struct ColumnText: Sendable {
    /// The format of numbers, if known.
    public var number: NumberFormat?
    /// The format of times, if known.
    public var datetime: DatetimeFormat?
    /// The type in the source, if its columns have types.
    public var stored: StoredType?
    /// The missing-value markers, most frequent first.
    public var missing: [MissingText]
    /// The spaces around every number or time.
    public var padding: FieldPadding

    /// What is known of a column's text; by default nothing.
    public init(
      number: NumberFormat? = nil, datetime: DatetimeFormat? = nil, stored: StoredType? = nil,
      missing: [MissingText] = [], padding: FieldPadding = FieldPadding()
    ) {
      self.number = number
      self.datetime = datetime
      self.stored = stored
      self.missing = missing
      self.padding = padding
    }
  }

  /// Whole numbers with at most this many distinct values are categories.
  static let categoricalLimit = 20
  static let namedCategoryLimit = 1000
  /// Beyond this many rows, distinct values and point masses are estimated from evenly spaced rows.
  package static let exactRows = 1_000_000

  /// The schema of a table. O(columns x rows log rows).
  ///
  /// - Parameters:
  ///   - texts: what is known about the text of each column.
  ///   - threads: number of threads; the schema does not depend on it.
  public static func infer(
    _ table: Table, texts: [ColumnText] = [], threads: Int = usableProcessors()
  ) -> Schema {
    Schema(
      columns: parallelMap(table.columns.count, threads: threads) { c in
        infer(table.columns[c], text: c < texts.count ? texts[c] : ColumnText())
      })
  }

  private static func infer(_ column: Column, text: ColumnText) -> ColumnSchema {
    let rows = column.count
    let missing = column.missingCount
    var schema = ColumnSchema(
      name: column.name, kind: .constant, numberFormat: text.number,
      datetimeFormat: text.datetime, storedType: text.stored,
      missingShare: rows > 0 ? Double(missing) / Double(rows) : 0,
      missingText: text.missing.first?.text ?? "",
      otherMissingTexts: text.missing.dropFirst().map {
        MissingText.Share(text: $0.text, share: Double($0.count) / Double(max(missing, 1)))
      }, padding: text.padding)
    switch column.values {
    case .text(let codes, let categories):
      var used = [Bool](repeating: false, count: categories.count)
      for code in codes where code >= 0 { used[Int(code)] = true }
      schema.distinctCount = used.reduce(0) { $0 + ($1 ? 1 : 0) }
      schema.kind = textKind(
        categories: zip(categories, used).filter(\.1).map(\.0), name: column.name,
        rows: rows - missing,
        missing: missing)
    case .datetime(let values):
      let summary = ValueSummary(values.array, limit: exactRows)
      schema.distinctCount = summary.distinct.count
      schema.range = summary.range
      schema.kind =
        summary.distinct.isEmpty || (summary.distinct.count == 1 && missing == 0)
        ? .constant : .datetime
      schema.datetimeFormat = text.datetime ?? DatetimeFormat(pattern: "yyyy-MM-dd HH:mm:ss")
    case .number(let values):
      let summary = ValueSummary(values.array, limit: exactRows)
      schema.distinctCount = summary.distinct.count
      schema.range = summary.range
      schema.kind = numberKind(
        summary, name: column.name, values: values, rows: rows - missing, missing: missing)
      schema.pointMasses = summary.pointMasses()
      schema.numberFormat =
        text.number
        ?? NumberFormat(style: .shortest, decimals: summary.isWhole ? 0 : 15)
    }
    return schema
  }

  private static let opposites: [Set<String>] = [
    ["y", "n"], ["yes", "no"], ["true", "false"], ["t", "f"],
  ]

  private static func textKind(
    categories: [String], name: String, rows: Int, missing: Int
  ) -> ColumnKind {
    if categories.isEmpty || (categories.count == 1 && missing == 0) { return .constant }
    if opposites.contains(Set(categories.map { $0.lowercased() })) { return .boolean }
    return KeyShape.kind(ofText: categories, name: name, rows: rows) ?? .categorical
  }

  private static func numberKind(
    _ summary: ValueSummary, name: String, values: Numbers, rows: Int, missing: Int
  ) -> ColumnKind {
    let distinct = summary.distinct
    if distinct.isEmpty || (distinct.count == 1 && missing == 0) { return .constant }
    guard summary.isWhole else { return .continuous }
    if distinct.map(\.value) == [0, 1] { return .boolean }
    if distinct.count == min(rows, summary.sampled),
      KeyShape.isKey(values, range: summary.range!, name: name)
    {
      return .id
    }
    if distinct.count <= categoricalLimit { return .categorical }
    let lower = name.lowercased()
    let named = ["id", "code", "zone", "type"].contains { lower.hasSuffix($0) }
    if named && distinct.count <= namedCategoryLimit && distinct.count * 20 <= rows {
      return .categorical
    }
    return .integer
  }
}
