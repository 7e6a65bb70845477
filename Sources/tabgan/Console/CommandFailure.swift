// SPDX-License-Identifier: Apache-2.0

/// Why a command did not do what was asked.
struct CommandFailure: Error, Equatable {
  var status: ExitStatus
  /// What is wrong, on one line.
  var message: String
  /// What to do about it.
  var hint: String?

  init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
    self.status = status
    self.message = message
    self.hint = hint
  }
}
