// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TaxiTrips

@Suite("Schema files")
struct SchemaFileTests {
  private static func read(_ json: String) throws -> Schema {
    let file = try TemporaryFile()
    try file.write(json, to: "s.json")
    return try SchemaFile.read(file.folder + "/s.json")
  }

  private static func problem(_ json: String) throws -> String {
    do {
      return "no error: \(try read(json))"
    } catch {
      return "\(error)"
    }
  }

  @Test("A schema is read as it was written, and written the same twice")
  func roundTrip() throws {
    let table = TripSimulator(seed: 5).table(rows: 0..<2000)
    let schema = SchemaInference.infer(table)
    let file = try TemporaryFile()
    let path = file.folder + "/s.json"
    try SchemaFile.write(schema, to: path)
    #expect(try SchemaFile.read(path) == schema)
    let first = try SchemaFile.json(schema)
    #expect(try SchemaFile.json(try SchemaFile.read(path)) == first)
    #expect(String(decoding: first, as: UTF8.self).contains("\"version\" : 1"))
  }

  @Test("A schema can be written by hand")
  func byHand() throws {
    let schema = try Self.read(
      #"""
      {"version": 1, "columns": [
        {"name": "fare", "kind": "continuous", "numberFormat": {"style": "fixed", "decimals": 2}},
        {"name": "when", "kind": "datetime", "datetimeFormat": {"pattern": "dd.MM.yyyy HH:mm"}}]}
      """#)
    #expect(schema["fare"]?.numberFormat == NumberFormat(style: .fixed, decimals: 2))
    let text = "fare,when\n1.5,31.01.2016 10:00\n2,01.02.2016 11:30\n"
    let (table, read) = try TemporaryFile.read(text, options: CSVOptions(schema: schema))
    #expect(table["when"]?.numbers?.first == 1_454_234_400)
    let written = try TemporaryFile.text(table, schema: read)
    #expect(
      String(decoding: written, as: UTF8.self)
        == "fare,when\n1.50,31.01.2016 10:00\n2.00,01.02.2016 11:30\n")
  }

  @Test(
    "What is wrong is said",
    arguments: [
      ("{ nonsense", "not valid JSON"), ("[1]", "JSON object"), ("{}", "missing"),
      (#"{"version": 2, "columns": []}"#, "version 2"),
      (#"{"version": 1, "columns": [{"name": "a", "kind": "number"}]}"#, "'number' is not a kind"),
      (#"{"version": 1, "columns": [{"kind": "id"}]}"#, ".columns[0].name is missing"),
      (
        #"{"version": 1, "columns": [{"name": "a", "kind": "id"}, {"name": "a", "kind": "id"}]}"#,
        "'a' occurs twice"
      ),
      (
        #"{"version": 1, "columns": [{"name": "a", "kind": "datetime", "datetimeFormat": {"pattern": "QQ"}}]}"#,
        "'QQ' is not a pattern"
      ),
      (
        #"{"version": 1, "columns": [{"name": "a", "kind": "continuous", "numberFormat": {"style": "fixed", "decimals": 99}}]}"#,
        "99 is not in"
      ),
      (#"{"METADATA_SPEC_VERSION": "SINGLE_TABLE_V9", "columns": {}}"#, "SINGLE_TABLE_V9"),
      (#"{"METADATA_SPEC_VERSION": "V1", "tables": {"a": {}, "b": {}}}"#, "several tables"),
      (#"{"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": {"a": {}}}"#, "'a' has no sdtype"),
      (
        #"{"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": {"a": {"sdtype": "numercal"}}}"#,
        "did you mean numerical"
      ),
      (
        #"{"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": {"a": {"sdtype": "wrong"}}}"#,
        "the sdtype 'wrong', which is not known"
      ),
      (
        #"{"METADATA_SPEC_VERSION": "SINGLE_TABLE_V1", "columns": {"a": {"sdtype": "datetime", "datetime_format": "%j"}}}"#,
        "'%j'"
      ),
    ])
  func problems(json: String, says: String) throws {
    let problem = try Self.problem(json)
    #expect(problem.contains(says), "\(json): \(problem)")
  }

  @Test("A missing schema file is told by its path")
  func missing() {
    #expect(throws: TabularError.self) { try SchemaFile.read("/nowhere/s.json") }
  }

  static let table = #"""
    {"primary_key": "key", "columns": {
      "key": {"sdtype": "id", "regex_format": "[0-9]{5}"}, "fare": {"sdtype": "numerical"},
      "count": {"sdtype": "numerical", "computer_representation": "Int64"},
      "code": {"sdtype": "categorical"}, "flag": {"sdtype": "boolean"},
      "when": {"sdtype": "datetime", "datetime_format": "%Y-%m-%d %H:%M:%S"},
      "name": {"sdtype": "first_name", "pii": true}, "other": {"sdtype": "unknown"}},
    """#

  @Test(
    "SDV's metadata, of a single table and of several with one",
    arguments: [
      table + #""METADATA_SPEC_VERSION": "SINGLE_TABLE_V1"}"#,
      #"{"tables": {"trips": "# + table.dropLast()
        + #"}}, "relationships": [], "METADATA_SPEC_VERSION": "V1"}"#,
    ])
  func sdv(json: String) throws {
    let schema = try Self.read(json)
    let kinds: [String: ColumnKind] = [
      "key": .id, "fare": .continuous, "count": .integer, "code": .categorical, "flag": .boolean,
      "when": .datetime, "name": .id, "other": .id,
    ]
    #expect(schema.columns.count == kinds.count)
    for (name, kind) in kinds { #expect(schema[name]?.kind == kind, "\(name)") }
    #expect(schema["when"]?.datetimeFormat?.pattern == "yyyy-MM-dd HH:mm:ss")
  }

  @Test("An override keeps what it does not name, and names what is near a missing column")
  func overriding() throws {
    let inferred = Schema(columns: [
      ColumnSchema(
        name: "fare_amount", kind: .continuous,
        numberFormat: NumberFormat(style: .fixed, decimals: 2), missingShare: 0.5,
        distinctCount: 9),
      ColumnSchema(name: "payment", kind: .integer),
    ])
    let override = Schema(columns: [ColumnSchema(name: "payment", kind: .categorical)])
    let result = try override.overriding(inferred)
    #expect(result["payment"]?.kind == .categorical)
    #expect(result["fare_amount"] == inferred["fare_amount"])
    let wrong = Schema(columns: [ColumnSchema(name: "Fare_amout", kind: .integer)])
    do {
      _ = try wrong.overriding(inferred)
      Issue.record("nothing was thrown")
    } catch {
      #expect("\(error)".contains("did you mean fare_amount?"), "\(error)")
    }
  }
}
