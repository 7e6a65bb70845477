// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder of its own for a test, removed with the value.
final class TemporaryFolder: Sendable {
  private let root: String
  var path: String { root + "/work" }

  /// - Parameter root: where it lies; by default somewhere new.
  init(root: String = unusedPath(UUID().uuidString)) throws {
    self.root = root
    try FileManager.default.createDirectory(
      atPath: root + "/work", withIntermediateDirectories: true)
  }

  static func unusedPath(_ name: String) -> String {
    NSTemporaryDirectory() + "/tabgan-tests-" + name
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  /// A path in the folder.
  func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// A path beside the folder, for what a test needs and its commands must not see.
  func outside(_ name: String) -> String { root + "/" + name }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ content: some DataProtocol, to name: String) throws -> String {
    try Data(content).write(to: URL(fileURLWithPath: self(name)))
    return self(name)
  }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  func read(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: self(name)))
  }
  func text(_ name: String) throws -> String { String(decoding: try read(name), as: UTF8.self) }
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self(name)) }

  /// Everything in the folder, hidden files too.
  var content: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? []
  }
}
