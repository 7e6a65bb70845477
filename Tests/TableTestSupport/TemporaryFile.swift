// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// A folder for the files of one test, removed with the value.
package final class TemporaryFile {
  package let folder: String

  package init() throws {
    folder = NSTemporaryDirectory() + "tabular-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  package var path: String { folder + "/t.csv" }
  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  package func write(_ text: String, to name: String = "t.csv") throws {
    try write(Array(text.utf8), to: name)
  }

  package func write(_ bytes: [UInt8], to name: String = "t.csv") throws {
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
  }

  package func content(of name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
  }

  /// The table of a CSV text.
  package static func read(
    _ text: String, options: CSVOptions = CSVOptions()
  ) throws -> (table: Table, schema: Schema) {
    try read(Array(text.utf8), options: options)
  }

  package static func read(
    _ bytes: [UInt8], options: CSVOptions = CSVOptions()
  ) throws -> (table: Table, schema: Schema) {
    let file = try TemporaryFile()
    try file.write(bytes)
    return try CSVReader.readTable(path: file.path, options: options)
  }

  /// What is said of a CSV text, without the path.
  package static func problem(
    _ bytes: [UInt8], options: CSVOptions = CSVOptions()
  ) throws -> String {
    let file = try TemporaryFile()
    try file.write(bytes)
    do throws(TabularError) {
      let (table, _) = try CSVReader.readTable(path: file.path, options: options)
      return "no error: \(table.columnNames)"
    } catch {
      return "\(error)".replacingOccurrences(of: file.path, with: "FILE")
    }
  }

  /// The text that a table is written as.
  package static func text(_ table: Table, schema: Schema, threads: Int = 2) throws -> [UInt8] {
    let file = try TemporaryFile()
    let writer = try CSVWriter(path: file.path, schema: schema, threads: threads)
    try writer.write(table)
    try writer.finish()
    return try file.content(of: "t.csv")
  }
}

extension Column {
  /// The texts of a column of text, nil where missing.
  package var fieldTexts: [String?] {
    guard case .text(let codes, let categories) = values else { return [] }
    return codes.map { $0 < 0 ? nil : categories[Int($0)] }
  }
}
