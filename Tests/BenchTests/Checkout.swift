// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The sources that this test was built from.
enum Checkout {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
}
