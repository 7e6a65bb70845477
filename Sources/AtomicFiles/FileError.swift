// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Why a file could not be written.
package struct FileError: Error, Equatable, CustomStringConvertible {
  package let path: String
  /// The cause, with a hint in parentheses where there is one.
  package let reason: String

  package var description: String { "\(path): \(reason)" }

  /// The system's description of `errno`.
  package static func systemReason() -> String { String(cString: strerror(errno)) }
}
