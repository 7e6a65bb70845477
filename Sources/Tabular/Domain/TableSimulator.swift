// SPDX-License-Identifier: Apache-2.0

/// Generates rows of a documented model. Row `i` depends on the simulator's seed and `i` alone.
public protocol TableSimulator: Sendable {
  /// Columns, kinds and text formats of the rows.
  var schema: Schema { get }

  /// Rows as a table. O(rows).
  func table(rows: Range<Int>) -> Table

  /// Writes rows as CSV records in the schema's own dialect, block by block in order. The bytes do
  /// not depend on the number of threads.
  ///
  /// - Parameter sink: called on the calling thread; an error that it throws ends the writing.
  func writeRecords(
    _ rows: Range<Int>, threads: Int, to sink: (UnsafeRawBufferPointer) throws -> Void) throws
}
