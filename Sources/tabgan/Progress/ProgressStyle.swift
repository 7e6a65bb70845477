// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Whether and how progress is shown on standard error.
enum ProgressStyle: String, CaseIterable, ExpressibleByArgument {
  /// A line that is rewritten in place on a terminal; nothing where standard error isn't one.
  case auto
  /// A line of its own every ten seconds, for logs.
  case plain
  case none
}
