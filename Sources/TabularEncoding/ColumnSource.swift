// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// The columns of a table for tasks that read them side by side: each is freed after it was
/// read for the last time.
final class ColumnSource: @unchecked Sendable {
  private var columns: [String: Column]
  private var readings: [String: Int] = [:]
  private let lock = NSLock()

  /// - Parameter readers: for each task the columns that it reads.
  init(_ table: consuming Table, readers: [[String]]) {
    columns = Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0) })
    for name in readers.joined() { readings[name, default: 0] += 1 }
  }

  /// - Precondition: a reader of the column that did not read it before.
  func column(_ name: String) -> Column {
    lock.withLock {
      readings[name]! -= 1
      return readings[name] == 0 ? columns.removeValue(forKey: name)! : columns[name]!
    }
  }
}
