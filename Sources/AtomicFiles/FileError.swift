// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Why a file could not be written.
package struct FileError: Error, Equatable, CustomStringConvertible {
  /// The file.
  package let path: String
  /// The cause.
  package let reason: String
  /// What to do about it; nil if the cause says so.
  package let hint: String?

  /// A cause, with what to do about it.
  package init(path: String, reason: String, hint: String? = nil) {
    self.path = path
    self.reason = reason
    self.hint = hint
  }

  /// The cause, with the hint in parentheses.
  package var description: String { "\(path): \(reason)\(hint.map { " (\($0))" } ?? "")" }

  /// The system's description of `errno`.
  package static func systemReason() -> String { String(cString: strerror(errno)) }
}
