// SPDX-License-Identifier: Apache-2.0

import AtomicFiles

/// A text file that appears under its name only once it is complete; see `AtomicFile`.
final class AtomicTextFile {
  private let file: AtomicFile
  private var buffer: [UInt8] = []

  /// - Parameter followsLinks: whether to replace the target of a symbolic link instead of the
  ///   link.
  init(_ path: String, followsLinks: Bool = true) throws {
    file = try OutputFile.creating(path) {
      try AtomicFile(path: path, followsLinks: followsLinks)
    }
    if let temporary = file.temporaryPath { Interruption.removing(temporary) }
  }

  deinit {
    if let temporary = file.temporaryPath { Interruption.keeping(temporary) }
  }

  /// Appends `text`.
  func write(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= 1 << 16 { try flush() }
  }

  /// Makes the file appear under its name.
  func finish() throws {
    try flush()
    try OutputFile.writing(file.path) { try file.commit() }
  }

  /// Writes a whole file.
  static func write(_ text: String, to path: String, followsLinks: Bool = true) throws {
    let file = try AtomicTextFile(path, followsLinks: followsLinks)
    try file.write(text)
    try file.finish()
  }

  private func flush() throws {
    try OutputFile.writing(file.path) { try buffer.withUnsafeBytes { try file.write($0) } }
    buffer.removeAll(keepingCapacity: true)
  }
}
