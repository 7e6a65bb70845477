// SPDX-License-Identifier: Apache-2.0

/// Rows that are mostly zero, with equally many entries each (the ELLPACK format): one-hot vectors,
/// for example.
///
/// Like a ``Matrix``, a reference to shared storage; a slice by rows is one on the same storage.
public struct SparseRows {
  /// The number of rows.
  public let rows: Int
  /// Columns, of which a row has only ``entries`` that can differ from zero.
  public let columns: Int
  /// Entries of each row; those of the same column add up, so that one of value 0 is none.
  public let entries: Int
  private let storage: Storage
  private let offset: Int

  private final class Storage {
    private let indexStorage: AlignedStorage<Int32>
    private let valueStorage: AlignedStorage<Float>
    var indices: UnsafeMutablePointer<Int32> { indexStorage.base }
    var values: UnsafeMutablePointer<Float> { valueStorage.base }

    init(rows: Int, entries: Int) throws(NumericError) {
      let purpose = { "\(rows) sparse rows of \(entries) entries" }
      indexStorage = try AlignedStorage(rows: rows, stride: entries, for: purpose())
      valueStorage = try AlignedStorage(rows: rows, stride: entries, for: purpose())
    }
  }

  /// Creates rows of zeros with room for `entries` entries each.
  ///
  /// - Throws: ``NumericError/outOfMemory(bytes:purpose:)`` if there is not enough memory, and
  ///   `.invalidParameter` for a negative size or more than 2^31 - 1 columns.
  public init(rows: Int, columns: Int, entries: Int) throws(NumericError) {
    try NumericError.requireSizes(["rows": rows, "columns": columns, "entries": entries])
    guard columns <= Int(Int32.max) else {
      throw .invalidParameter("sparse rows have at most 2^31 - 1 columns, not \(columns)")
    }
    self.init(
      rows: rows, columns: columns, entries: entries,
      storage: try Storage(rows: rows, entries: entries), offset: 0)
  }

  private init(rows: Int, columns: Int, entries: Int, storage: Storage, offset: Int) {
    self.rows = rows
    self.columns = columns
    self.entries = entries
    self.storage = storage
    self.offset = offset
  }

  /// The rows of `range`, on the same storage.
  public subscript(rows range: Range<Int>) -> SparseRows {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows,
      "Rows \(range) are outside \(rows) sparse rows.")
    return SparseRows(
      rows: range.count, columns: columns, entries: entries, storage: storage,
      offset: offset + range.lowerBound * entries)
  }

  /// Calls `body` with the entries' columns and values, to be changed in place; entry e of row r is
  /// at `r * entries + e`. Columns outside `0..<columns` are refused by the products.
  public func withUnsafeMutableEntries<R, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Int32>, UnsafeMutableBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    let result = Result { () throws(E) -> R in
      try body(
        UnsafeMutableBufferPointer(start: storage.indices + offset, count: rows * entries),
        UnsafeMutableBufferPointer(start: storage.values + offset, count: rows * entries))
    }
    return try withExtendedLifetime(storage) { () throws(E) -> R in try result.get() }
  }

  /// Sets entry `entry` of row `row`.
  public func set(_ entry: Int, ofRow row: Int, column: Int, value: Float) {
    precondition(
      row >= 0 && row < rows && entry >= 0 && entry < entries && column >= 0 && column < columns,
      "Entry \(entry) of row \(row) in column \(column) is outside \(rows) x \(columns) sparse rows."
    )
    storage.indices[offset + row * entries + entry] = Int32(column)
    storage.values[offset + row * entries + entry] = value
  }

  /// The addresses, for calls that end before the rows are let go.
  var base: (indices: UnsafeMutablePointer<Int32>, values: UnsafeMutablePointer<Float>) {
    (storage.indices + offset, storage.values + offset)
  }
}
