// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// The results of a command.
enum StandardOutput {
  /// Writes text; control characters are escaped.
  static func show(_ text: String) throws(CommandFailure) { try write(VisibleText.lines(text)) }

  /// Writes all of `text` unchanged; a closed pipe or a full disk is an error, never a short write.
  static func write(_ text: String) throws(CommandFailure) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw CommandFailure(
          .inputOutput, "standard output: \(String(cString: strerror(errno)))",
          hint: "check where the output goes")
      }
      bytes = bytes.dropFirst(count)
    }
  }
}
