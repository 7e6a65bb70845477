// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One line on the terminal that is written over; silent where standard error is no terminal.
final class ProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) != 0
  private var isShown = false

  /// Shows what `body` reports for as long as it runs.
  static func showing<Value>(_ body: ((String) -> Void) throws -> Value) rethrows -> Value {
    let line = ProgressLine()
    defer { line.clear() }
    return try body(line.show)
  }

  private func show(_ text: String) {
    guard isTerminal else { return }
    write("\r\u{1B}[2K" + text)
    isShown = true
  }

  private func clear() {
    if isShown { write("\r\u{1B}[2K") }
    isShown = false
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
