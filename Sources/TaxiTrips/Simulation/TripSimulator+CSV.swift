// SPDX-License-Identifier: Apache-2.0

import WorkSharing

extension TripSimulator {
  /// The header line with its line feed.
  public static let csvHeader: [UInt8] = Array(
    (schema.columns.map(\.name).joined(separator: ",") + "\n").utf8)

  /// Appends the rows as CSV lines, the very bytes a ``CSVWriter`` makes of ``table(rows:)`` with
  /// ``schema``.
  ///
  /// O(rows).
  public func csv(rows: Range<Int>, into bytes: inout [UInt8]) {
    // Twofold, so that appending range after range stays linear.
    let needed = bytes.count + 170 * rows.count
    if needed > bytes.capacity { bytes.reserveCapacity(max(needed, 2 * bytes.capacity)) }
    var formatter = TripFormatter()
    formatter.withBuffer { line in
      for row in rows {
        line.write(trip(row))
        if line.isNearlyFull { line.flush(into: &bytes) }
      }
      line.flush(into: &bytes)
    }
  }

  /// Writes header and rows as CSV to `sink`, block after block in the order of the rows.
  ///
  /// `threads` blocks are made at a time; the bytes do not depend on their number. The sink is
  /// called on the calling thread. What it throws ends the writing and is thrown on.
  public func writeCSV(
    rows: Range<Int>, to sink: (UnsafeRawBufferPointer) throws -> Void, threads: Int,
    header: Bool = true
  ) throws {
    precondition(threads >= 1, "at least one thread")
    if header { try Self.csvHeader.withUnsafeBytes(sink) }
    // About 2.5 MB a block: large enough to hide the hand-over, small enough for the cache's sake.
    let block = 16_384
    var blocks = [[UInt8]](repeating: [], count: threads)
    var next = rows.lowerBound
    while next < rows.upperBound {
      let first = next
      let count = min(threads, (rows.upperBound - first + block - 1) / block)
      blocks.withUnsafeMutableBufferPointer { blocks in
        // Each iteration touches its own block only.
        nonisolated(unsafe) let blocks = blocks
        parallelFor(count, threads: threads) { i in
          let begin = first + i * block
          blocks[i].removeAll(keepingCapacity: true)
          csv(rows: begin..<min(begin + block, rows.upperBound), into: &blocks[i])
        }
      }
      for i in 0..<count { try blocks[i].withUnsafeBytes(sink) }
      next = min(first + count * block, rows.upperBound)
    }
  }
}
