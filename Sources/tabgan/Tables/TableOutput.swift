// SPDX-License-Identifier: Apache-2.0

import TableEngine
import Tabular

/// Opens the file that rows are written to; the one place that decides by its name who writes it.
enum TableOutput {
  /// Opens the file.
  ///
  /// - Parameter dialect: the dialect of a CSV file; nil for the schema's own.
  static func open(
    _ path: String, schema: Schema, dialect: CSVDialect? = nil, engine: EngineOption, threads: Int
  ) throws -> any TableSink {
    guard OutputForm.isParquet(path) else {
      return try OutputFile.creating(path) {
        try CSVWriter(path: path, schema: schema, dialect: dialect, threads: threads)
      }
    }
    let library = try engine.library()
    return try OutputFile.creating(path) {
      try ParquetWriter(
        path: path, schema: schema, library: library,
        options: EngineOption.limits(threads: threads))
    }
  }
}
