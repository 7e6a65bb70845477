// SPDX-License-Identifier: Apache-2.0

// Row-wise access to matrices of any stride. The closures are inlined, so that the compiler sees
// plain loops over pointers and vectorizes them.

/// The addresses of a matrix's rows.
@usableFromInline package struct RowPointers {
  @usableFromInline package let count: Int
  @usableFromInline let base: UnsafePointer<Float>
  @usableFromInline let stride: Int

  @usableFromInline init(count: Int, base: UnsafePointer<Float>, stride: Int) {
    self.count = count
    self.base = base
    self.stride = stride
  }

  @inlinable @inline(__always)
  package subscript(row: Int) -> UnsafePointer<Float> { base + row * stride }
}

extension Matrix {
  /// Calls `body` with the addresses of the rows, which are valid during the call; not at all if
  /// the matrix is empty.
  @inlinable @inline(__always)
  package func withRows(_ body: (RowPointers) -> Void) {
    withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      body(RowPointers(count: rows, base: base, stride: stride))
    }
  }

  /// Calls `body` with each row's index and elements.
  @inlinable @inline(__always)
  package func forEachRow(_ body: (Int, UnsafeMutablePointer<Float>) -> Void) {
    withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<rows { body(row, base + row * stride) }
    }
  }

  /// Calls `body` with each row of this matrix and the same row of `a`.
  @inlinable @inline(__always)
  package func forEachRow(
    _ a: Matrix, _ body: (Int, UnsafeMutablePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    a.withUnsafeBufferPointer { first in
      guard let base = first.baseAddress else { return }
      forEachRow { row, elements in body(row, elements, base + row * a.stride) }
    }
  }

  /// Calls `body` with each row of this matrix and the same rows of `a` and `b`.
  @inlinable @inline(__always)
  package func forEachRow(
    _ a: Matrix, _ b: Matrix,
    _ body: (Int, UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    b.withUnsafeBufferPointer { second in
      guard let base = second.baseAddress else { return }
      forEachRow(a) { row, elements, first in
        body(row, elements, first, base + row * b.stride)
      }
    }
  }

  // The same on the threads of a context: `body` writes to its own row alone.

  /// Calls `body` with each row's index and elements.
  @inlinable @inline(__always)
  package func forEachRow(
    in context: ComputeContext, _ body: (Int, UnsafeMutablePointer<Float>) -> Void
  ) {
    let nanoseconds = 0.3 * Double(rows) * Double(columns)
    withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      context.share(rows, nanoseconds: nanoseconds) { part in
        for row in part { body(row, base + row * stride) }
      }
    }
  }

  /// Calls `body` with each row of this matrix and the same row of `a`.
  @inlinable @inline(__always)
  package func forEachRow(
    _ a: Matrix, in context: ComputeContext,
    _ body: (Int, UnsafeMutablePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    a.withUnsafeBufferPointer { first in
      guard let base = first.baseAddress else { return }
      forEachRow(in: context) { row, elements in body(row, elements, base + row * a.stride) }
    }
  }

  /// Calls `body` with each row of this matrix and the same rows of `a` and `b`.
  @inlinable @inline(__always)
  package func forEachRow(
    _ a: Matrix, _ b: Matrix, in context: ComputeContext,
    _ body: (Int, UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    b.withUnsafeBufferPointer { second in
      guard let base = second.baseAddress else { return }
      forEachRow(a, in: context) { row, elements, first in
        body(row, elements, first, base + row * b.stride)
      }
    }
  }
}
