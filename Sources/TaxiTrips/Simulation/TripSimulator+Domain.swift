// SPDX-License-Identifier: Apache-2.0

import Tabular

extension TripSimulator: TableSimulator {
  /// The schema of all simulated trips.
  public var schema: Schema { Self.schema }

  /// Writes rows as CSV records without a header.
  public func writeRecords(
    _ rows: Range<Int>, threads: Int, to sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try writeCSV(rows: rows, to: sink, threads: threads, header: false)
  }
}
