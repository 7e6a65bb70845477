// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Row counts as "1000,4000,16000", ascending and each once.
package struct SizeList: ExpressibleByArgument, Equatable {
  package var sizes: [Int]

  package init(_ sizes: [Int]) { self.sizes = sizes }

  /// Nil for anything but counts of at least 1 with commas between them.
  package init?(argument: String) {
    var sizes: Set<Int> = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let size = Int(part.filter { $0 != " " && $0 != "_" }), size > 0 else { return nil }
      sizes.insert(size)
    }
    self.sizes = sizes.sorted()
  }

  package var defaultValueDescription: String { sizes.map(String.init).joined(separator: ",") }
}
