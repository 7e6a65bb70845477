// SPDX-License-Identifier: Apache-2.0

/// Which rows of a table are learned, and which are set aside as monitoring rows.
///
/// Both follow the seed alone: the training rows are the first of ``RowSubset``, so that a smaller
/// number of them is part of every larger one, and the monitoring rows its last.
package struct TrainingRows {
  /// Row numbers in the order of the file.
  package let training: [Int]
  /// Row numbers in the order of the file, none of them learned.
  package let monitoringRows: [Int]

  /// The most monitoring rows that are set aside unasked; more say little more.
  private static let maxMonitoringRows = 2000
  /// With fewer, a guard would see only a generator that does nothing but copy.
  private static let minMonitoringRows = 50

  /// - Parameters:
  ///   - count: rows of the table.
  ///   - rows: how many are to be learned, nil for all; at most `count`.
  ///   - monitoring: how many are to be set aside, fewer than `count`; nil to choose.
  ///
  /// Where both are more than the table has, fewer rows are learned.
  package init(count: Int, rows: Int?, monitoring: Int?, seed: UInt64) {
    let wanted = rows ?? count
    // Rows that are not learned anyway cost nothing.
    let usual = min(max(count / 20, count - wanted), Self.maxMonitoringRows)
    let set = monitoring ?? (usual < Self.minMonitoringRows ? 0 : usual)
    let training = min(wanted, count - set)
    if training == count {
      self.training = Array(0..<count)
      monitoringRows = []
    } else {
      let subset = RowSubset(count: count, seed: seed)
      self.training = subset.first(training)
      monitoringRows = subset.last(set)
    }
  }
}
