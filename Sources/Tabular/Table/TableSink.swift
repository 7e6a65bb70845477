// SPDX-License-Identifier: Apache-2.0

/// Where the rows of a table go, block by block: a file in some format.
///
/// The file appears under its name only with ``finish()``; without it, nothing changes.
public protocol TableSink: AnyObject {
  /// The file that holds the rows until the output is complete; nil if they go to a pipe or a
  /// device.
  var temporaryPath: String? { get }

  /// Appends rows; the columns are those of the schema that the sink was opened with.
  ///
  /// - Throws: ``TabularError`` if a column is missing or holds what the format cannot, or the file
  ///   cannot be written.
  func write(_ table: Table) throws(TabularError)

  /// Completes the file and moves it to its path.
  func finish() throws(TabularError)
}
