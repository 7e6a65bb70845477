// SPDX-License-Identifier: Apache-2.0

import Foundation
import TableEngine

/// The engine of this machine: the one that TABGAN_ENGINE names, or that `make setup-engine`
/// installed.
enum InstalledEngine {
  static let library: EngineLibrary? = {
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache"
    let paths = [environment["TABGAN_ENGINE"], cache + "/tabgan/" + EngineLibrary.name]
    return try? EngineLibrary(searching: paths.compactMap(\.self))
  }()

  /// The file to measure with, if any.
  static let measuredFile = ProcessInfo.processInfo.environment["TABGAN_PARQUET"]

  static let options = EngineOptions(threads: 2, memoryLimit: 1 << 30)

  static func connection(threads: Int = 2) throws -> EngineConnection {
    try EngineConnection(
      library!, options: EngineOptions(threads: threads, memoryLimit: 1 << 30))
  }
}
