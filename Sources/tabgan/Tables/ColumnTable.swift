// SPDX-License-Identifier: Apache-2.0

import Charts
import Foundation
import Tabular

/// What is known of each column, as a table for a terminal.
struct ColumnTable {
  private var table = TextTable([
    .left("column"), .left("kind"), .right("missing"), .right("distinct"),
    .left("range"), .left("point masses"), .left("format"), .left("examples"),
  ])

  private static let pointMasses = 3
  private static let examples = 3
  /// Examples end here, numbers of more digits are rounded.
  private static let exampleWidth = 40
  private static let numberWidth = 12

  init(_ source: TableSource) {
    for column in source.schema.columns {
      let cells = [
        VisibleText.value(column.name), column.kind.rawValue,
        NumberText.percent(column.missingShare),
        NumberText.grouped(column.distinctCount), Self.range(column), Self.pointMasses(column),
        Self.format(column),
        source.table[column.name].map { Self.examples($0, column) } ?? "",
      ]
      table.append(cells.map(VisibleText.line))
    }
  }

  var text: String { table.rendered() + "\n" }

  private static func range(_ column: ColumnSchema) -> String {
    guard let range = column.range else { return "" }
    return "\(short(range.lowerBound, column)) … \(short(range.upperBound, column))"
  }

  private static func pointMasses(_ column: ColumnSchema) -> String {
    let shown = column.pointMasses.prefix(pointMasses).map {
      "\(short($0.value, column)) (\(NumberText.percent($0.share)))"
    }
    let more =
      column.pointMasses.count > pointMasses
      ? ", \(column.pointMasses.count - pointMasses) more" : ""
    return shown.joined(separator: ", ") + more
  }

  private static func format(_ column: ColumnSchema) -> String {
    if let format = column.datetimeFormat { return format.pattern }
    guard let format = column.numberFormat else { return "text" }
    if format.notation != nil || format.exponent != nil {
      return "like \(column.text(of: column.range?.upperBound ?? 0))"
    }
    if format.decimals == 0 { return "whole" }
    if format.singlePrecision { return "single precision" }
    let digits = NumberText.pluralized(format.decimals, "decimal")
    return format.style == .fixed ? digits : "up to \(digits)"
  }

  /// The first values that differ.
  private static func examples(_ column: Column, _ schema: ColumnSchema) -> String {
    var found: [String] = []
    for row in 0..<min(column.count, 1000) where found.count < examples {
      guard let text = text(column, row, schema), !found.contains(text) else { continue }
      found.append(text)
    }
    var text = found.first ?? ""
    for example in found.dropFirst() where text.count + example.count < exampleWidth {
      text += ", " + example
    }
    return text
  }

  private static func text(_ column: Column, _ row: Int, _ schema: ColumnSchema) -> String? {
    switch column.values {
    case .number(let values), .datetime(let values):
      return values[row].isNaN ? nil : value(values[row], schema)
    case .text(let codes, let categories):
      guard codes[row] >= 0 else { return nil }
      let category = categories[Int(codes[row])]
      return VisibleText.value(category.count > 24 ? category.prefix(23) + "…" : category)
    }
  }

  /// A number as the file writes it, or rounded where that is long; times are never cut.
  private static func short(_ number: Double, _ column: ColumnSchema) -> String {
    let text = value(number, column)
    return column.datetimeFormat != nil || text.count <= numberWidth
      ? text : NumberText.significant(number, digits: 7)
  }

  /// A number as the file writes it.
  private static func value(_ number: Double, _ column: ColumnSchema) -> String {
    column.text(of: number)
  }
}
