// SPDX-License-Identifier: Apache-2.0

/// A row-major matrix of `Float` on a cache line.
///
/// A matrix is a reference to shared storage, like an array in NumPy: slices by rows or columns are
/// matrices on the same storage and nothing is ever copied but by ``copy(from:)`` and
/// ``toArray()``. Rows lie ``stride`` elements apart; the elements between them are unused.
public struct Matrix {
  /// The number of rows; 0 is valid.
  public let rows: Int
  /// The number of columns, without the padding up to ``stride``; 0 is valid.
  public let columns: Int
  /// The distance between rows, in elements.
  public let stride: Int
  private let storage: AlignedStorage<Float>
  private let offset: Int

  /// Makes a matrix of zeros.
  ///
  /// - Throws: ``NumericError/outOfMemory(bytes:purpose:)`` if there is not enough memory, and
  ///   `.invalidParameter` for a negative size.
  public init(rows: Int, columns: Int) throws(NumericError) {
    try NumericError.requireSizes(["rows": rows, "columns": columns])
    self.rows = rows
    self.columns = columns
    stride = Self.stride(for: columns)
    storage = try AlignedStorage(
      rows: rows, stride: stride, for: "a matrix of \(rows) x \(columns) numbers")
    offset = 0
  }

  /// Makes a matrix from its rows.
  ///
  /// - Throws: ``NumericError/outOfMemory(bytes:purpose:)``, and `.shapeMismatch` if the rows
  ///   differ in length.
  public init(_ rows: [[Float]]) throws(NumericError) {
    try self.init(rows: rows.count, columns: rows.first?.count ?? 0)
    for (r, row) in rows.enumerated() {
      guard row.count == columns else {
        throw .shapeMismatch(operand: "Row \(r)", expected: [columns], found: [row.count])
      }
      for (c, value) in row.enumerated() { self[r, c] = value }
    }
  }

  private init(
    rows: Int, columns: Int, stride: Int, storage: AlignedStorage<Float>, offset: Int
  ) {
    self.rows = rows
    self.columns = columns
    self.stride = stride
    self.storage = storage
    self.offset = offset
  }

  /// Rows begin on a cache line, but never a whole page apart: rows at equal offsets in pages
  /// compete for the same few places in the cache.
  private static func stride(for columns: Int) -> Int {
    // Huge sizes are not padded; storage rejects them.
    if columns < 16 || columns > Int.max / 2 { return columns }
    let padded = (columns + 15) / 16 * 16
    return padded % 1024 == 0 ? padded + 16 : padded
  }

  /// The element in row `row` and column `column`.
  public subscript(row: Int, column: Int) -> Float {
    get {
      check(row, column)
      return storage.base[offset + row * stride + column]
    }
    nonmutating set {
      check(row, column)
      storage.base[offset + row * stride + column] = newValue
    }
  }

  @inline(__always)
  private func check(_ row: Int, _ column: Int) {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "Element [\(row), \(column)] is outside a \(rows) x \(columns) matrix.")
  }

  /// The rows of `range`, on the same storage.
  public subscript(rows range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows,
      "Rows \(range) are outside a matrix of \(rows) rows.")
    return Matrix(
      rows: range.count, columns: columns, stride: stride, storage: storage,
      offset: offset + range.lowerBound * stride)
  }

  /// The columns of `range`, on the same storage.
  public subscript(columns range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns,
      "Columns \(range) are outside a matrix of \(columns) columns.")
    return Matrix(
      rows: rows, columns: range.count, stride: stride, storage: storage,
      offset: offset + range.lowerBound)
  }

  /// This matrix with `next` below it, where `next` lies directly behind it in the same storage;
  /// else nil.
  public func joined(with next: Matrix) -> Matrix? {
    guard
      storage === next.storage, columns == next.columns, stride == next.stride,
      next.offset == offset + rows * stride
    else { return nil }
    return Matrix(
      rows: rows + next.rows, columns: columns, stride: stride, storage: storage, offset: offset)
  }

  /// Elements from the first of the first row to the last of the last one, gaps included.
  private var extent: Int { rows == 0 || columns == 0 ? 0 : (rows - 1) * stride + columns }

  /// Calls `body` with the elements; element (r, c) is at `r * stride + c`.
  @inlinable
  public func withUnsafeBufferPointer<R, E: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    try withUnsafeMutableBufferPointer { (buffer) throws(E) -> R in
      try body(UnsafeBufferPointer(buffer))
    }
  }

  /// Calls `body` with the elements, to be changed in place; element (r, c) is at `r * stride + c`.
  public func withUnsafeMutableBufferPointer<R, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    let result = Result { () throws(E) -> R in
      try body(UnsafeMutableBufferPointer(start: storage.base + offset, count: extent))
    }
    return try withExtendedLifetime(storage) { () throws(E) -> R in try result.get() }
  }

  /// Whether both matrices have an element in common.
  func overlaps(_ other: Matrix) -> Bool {
    guard storage === other.storage, extent > 0, other.extent > 0 else { return false }
    // All matrices on a storage have its stride, and their columns do not go beyond it.
    let (row, column) = offset.quotientAndRemainder(dividingBy: stride)
    let (otherRow, otherColumn) = other.offset.quotientAndRemainder(dividingBy: stride)
    return row < otherRow + other.rows && otherRow < row + rows
      && column < otherColumn + other.columns && otherColumn < column + columns
  }

  /// Whether both are the same elements.
  func coincides(with other: Matrix) -> Bool {
    storage === other.storage && offset == other.offset && rows == other.rows
      && columns == other.columns
  }

  /// Whether no other matrix can own the gaps between the rows: it is no slice by columns.
  var ownsGaps: Bool { offset % max(stride, 1) == 0 && stride == Self.stride(for: columns) }

  /// The address of the first element, for calls that end before the matrix is let go.
  var base: UnsafeMutablePointer<Float> { storage.base + offset }

  /// Sets every element.
  public func fill(_ value: Float) {
    withUnsafeMutableBufferPointer { buffer in
      guard columns > 0 else { return }
      for row in 0..<rows {
        UnsafeMutableBufferPointer(rebasing: buffer[row * stride..<row * stride + columns])
          .update(repeating: value)
      }
    }
  }

  /// Copies the elements of `other`, which must have the same shape and not overlap.
  public func copy(from other: Matrix) {
    precondition(
      other.rows == rows && other.columns == columns,
      "A \(other.rows) x \(other.columns) matrix cannot be copied into \(rows) x \(columns).")
    guard rows > 0, columns > 0 else { return }
    let (to, from) = (base, other.base)
    for row in 0..<rows {
      (to + row * stride).update(from: from + row * other.stride, count: columns)
    }
    withExtendedLifetime((storage, other.storage)) {}
  }

  /// The elements row by row, without gaps.
  public func toArray() -> [Float] {
    [Float](unsafeUninitializedCapacity: rows * columns) { buffer, count in
      guard columns > 0 else { return }
      for row in 0..<rows {
        (buffer.baseAddress! + row * columns).initialize(
          from: base + row * stride, count: columns)
      }
      count = rows * columns
    }
  }
}
