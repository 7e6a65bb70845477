// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Tabular
import TabularEncoding

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the inferred kind of each column.",
    discussion: """
      For each column: its kind (continuous, integer, categorical, boolean, datetime, constant, id), \
      the share of missing values, the number of distinct ones, their range, its point masses (frequent \
      single values, such as a tip of 0), the format of the values, and examples; then the relations \
      between columns that were found. If a kind is wrong, correct it by editing the schema:

      Examples:
        tabgan inspect trips.csv.gz
        tabgan inspect trips.csv.gz --json > schema.json
        tabgan inspect trips.csv.gz --schema schema.json
        tabgan inspect 'trips-2016-*.parquet'
        tabgan inspect trips.parquet --query 'select * from input where fare > 0'
      """)

  @OptionGroup var input: TableArgument
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var threads: ThreadOption

  @Flag(help: "Print the schema as JSON.")
  var json = false

  func validate() throws { try input.validate(query: reading.query) }

  func run() throws {
    let location = try TableLocation(input.files, hasQuery: reading.query != nil)
    let source = try TableSource(location, options: reading, threads: threads.count)
    NoteText.write(source.notes)
    if json {
      let schema = try SchemaFile.json(source.schema, notes: source.notes)
      try StandardOutput.write(String(decoding: schema, as: UTF8.self))
    } else {
      try StandardOutput.show(
        source.text + "\n" + ColumnTable(source).text + Self.relations(of: source))
    }
  }

  private static func relations(of source: TableSource) -> String {
    let found = ColumnRelation.all(in: source.table, schema: source.schema) { _ in }
    let orders = OrderRelation.all(in: source.table, schema: source.schema, beside: found)
    guard !found.isEmpty || !orders.isEmpty else { return "" }
    return "\nrelations, which generated rows keep:\n"
      + (found.map(\.description) + orders.map(\.description))
      .map { "  \(VisibleText.line($0))\n" }.joined()
  }
}
