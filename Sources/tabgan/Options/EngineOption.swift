// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import TableEngine

/// `--engine`: where the library is that reads and writes other files than CSV.
struct EngineOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      DuckDB's library, for files other than CSV and for queries. By default the one that \
      TABGAN_ENGINE names, then the one that `make setup-engine` installed, then the system's.
      """, valueName: "path"))
  var engine: String?

  /// Loads the library.
  func library() throws -> EngineLibrary {
    try EngineLibrary(searching: EngineSearch.paths(engine, ProcessInfo.processInfo.environment))
  }

  /// The engine's limits: half of the machine's memory, since the table takes some as well.
  static func limits(threads: Int) -> EngineOptions {
    EngineOptions(
      threads: threads, memoryLimit: max(1 << 30, Int(ProcessInfo.processInfo.physicalMemory / 2)))
  }
}

/// Where the engine's library is looked for.
package enum EngineSearch {
  /// The paths to try, in this order; a path that the user names is the only one.
  ///
  /// - Parameter named: the path that `--engine` gives.
  package static func paths(_ named: String?, _ environment: [String: String]) -> [String] {
    if let path = named ?? environment["TABGAN_ENGINE"], !path.isEmpty {
      return [path.contains("/") ? path : "./" + path]
    }
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      ?? environment["HOME"].map { $0 + "/.cache" }
    return (cache.map { [$0 + "/tabgan/" + EngineLibrary.name] } ?? []) + [EngineLibrary.name]
  }
}

/// The table that a command reads: files, patterns, an address or `--query` alone.
struct TableArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      """
      The table: CSV (also .gz, .zst), Parquet, JSON lines, a database or a URL; several files or \
      a pattern ('trips-*.parquet') are one table; - is CSV from standard input.
      """, valueName: "file"))
  var files: [String] = []

  /// Throws unless there is a table.
  func validate(query: String?) throws {
    if files.isEmpty && query == nil {
      throw ValidationError("Missing expected argument '<file> ...': name a table, or give --query")
    }
  }
}
