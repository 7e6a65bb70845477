// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// Text for the user beside the results.
enum StandardError {
  /// Writes `text` as it is.
  ///
  /// Errors of writing to a closed standard error are ignored.
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Writes a line of text; control characters are escaped.
  static func show(_ line: String) { write(VisibleText.line(line) + "\n") }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
