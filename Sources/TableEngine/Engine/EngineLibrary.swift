// SPDX-License-Identifier: Apache-2.0

import CArrow
import Foundation

/// DuckDB's library, loaded at run time: nothing is linked, so everything else works without it.
public final class EngineLibrary: @unchecked Sendable {
  /// The path it was loaded from, or the name that the system's loader found.
  public let path: String
  // Never closed: the library has threads and static destructors of its own.
  private let handle: UnsafeMutableRawPointer

  /// The name that the system's loader looks for.
  public static let name: String = {
    #if canImport(Darwin)
      "libduckdb.dylib"
    #else
      "libduckdb.so"
    #endif
  }()

  /// Loads the first library that exists.
  ///
  /// - Parameter paths: paths, or a bare name for the system's loader to find.
  /// - Throws: ``EngineError/library(tried:reason:)`` if there is none, or it cannot be loaded.
  public init(searching paths: [String]) throws(EngineError) {
    for path in paths {
      let isFile = path.contains("/")
      if isFile && access(path, F_OK) != 0 { continue }
      if let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) {
        self.path = path
        self.handle = handle
        return
      }
      // The loader's words for a bare name say only that there is no such file.
      if isFile {
        throw .library(tried: paths, reason: dlerror().map { String(cString: $0) } ?? path)
      }
    }
    throw .library(tried: paths, reason: nil)
  }

  /// A function of the library.
  func function<Function>(_ name: String, as type: Function.Type) throws(EngineError) -> Function {
    guard let address = dlsym(handle, name) else { throw .function(name, library: path) }
    return unsafeBitCast(address, to: type)
  }
}

/// Limits of an engine.
public struct EngineOptions: Sendable {
  /// The engine's own threads.
  public var threads: Int
  /// Bytes of memory that the engine may use for a query; beyond it, the query fails.
  public var memoryLimit: Int

  /// Creates limits. `threads` must be at least 1.
  public init(threads: Int, memoryLimit: Int) {
    self.threads = max(1, threads)
    self.memoryLimit = memoryLimit
  }

  /// Times with a zone are shown in UTC, not in the machine's zone.
  static let universalTime = "SET TimeZone = 'UTC'"

  /// The settings as SQL.
  var statements: [String] {
    [
      "SET threads = \(threads)",
      "SET memory_limit = '\(max(memoryLimit, 64 << 20) >> 10)KiB'",
      // Never writes next to the user's files.
      "SET temp_directory = ''",
      "SET preserve_insertion_order = true",
      "SET enable_progress_bar = false",
    ]
  }
}
