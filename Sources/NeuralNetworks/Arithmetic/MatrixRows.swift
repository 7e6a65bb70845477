import NumericCore

// Row-wise access to matrices of any stride. The closures are inlined, so that the compiler sees
// plain loops over pointers and vectorizes them.

/// The addresses of a matrix's rows.
struct RowPointers {
  let count: Int
  private let base: UnsafePointer<Float>
  private let stride: Int

  fileprivate init(count: Int, base: UnsafePointer<Float>, stride: Int) {
    self.count = count
    self.base = base
    self.stride = stride
  }

  @inline(__always)
  subscript(row: Int) -> UnsafePointer<Float> { base + row * stride }
}

extension Matrix {
  /// Calls `body` with the addresses of the rows, which are valid during the call; not at all if
  /// the matrix is empty.
  @inline(__always)
  func withRows(_ body: (RowPointers) -> Void) {
    withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      body(RowPointers(count: rows, base: base, stride: stride))
    }
  }

  /// Calls `body` with each row's index and elements.
  @inline(__always)
  func forEachRow(_ body: (Int, UnsafeMutablePointer<Float>) -> Void) {
    withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for row in 0..<rows { body(row, base + row * stride) }
    }
  }

  /// Calls `body` with each row of this matrix and the same row of `a`.
  @inline(__always)
  func forEachRow(
    _ a: Matrix, _ body: (Int, UnsafeMutablePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    a.withUnsafeBufferPointer { first in
      guard let base = first.baseAddress else { return }
      forEachRow { row, elements in body(row, elements, base + row * a.stride) }
    }
  }

  /// Calls `body` with each row of this matrix and the same rows of `a` and `b`.
  @inline(__always)
  func forEachRow(
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
  @inline(__always)
  func forEachRow(in context: ComputeContext, _ body: (Int, UnsafeMutablePointer<Float>) -> Void) {
    let nanoseconds = 0.3 * Double(rows) * Double(columns)
    withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      context.share(rows, nanoseconds: nanoseconds) { part in
        for row in part { body(row, base + row * stride) }
      }
    }
  }

  /// Calls `body` with each row of this matrix and the same row of `a`.
  @inline(__always)
  func forEachRow(
    _ a: Matrix, in context: ComputeContext,
    _ body: (Int, UnsafeMutablePointer<Float>, UnsafePointer<Float>) -> Void
  ) {
    a.withUnsafeBufferPointer { first in
      guard let base = first.baseAddress else { return }
      forEachRow(in: context) { row, elements in body(row, elements, base + row * a.stride) }
    }
  }

  /// Calls `body` with each row of this matrix and the same rows of `a` and `b`.
  @inline(__always)
  func forEachRow(
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

  /// Multiplies by `factor` element by element.
  func multiply(by factor: Matrix, in context: ComputeContext) {
    let columns = self.columns
    forEachRow(factor, in: context) { _, y, m in
      for j in 0..<columns { y[j] *= m[j] }
    }
  }

  /// Sets this matrix to the element-wise product of `a` and `b`.
  func setProduct(_ a: Matrix, _ b: Matrix, in context: ComputeContext) {
    let columns = self.columns
    forEachRow(a, b, in: context) { _, y, a, b in
      for j in 0..<columns { y[j] = a[j] * b[j] }
    }
  }

  /// Adds `other` element by element.
  func add(_ other: Matrix, in context: ComputeContext) {
    let columns = self.columns
    forEachRow(other, in: context) { _, y, a in
      for j in 0..<columns { y[j] += a[j] }
    }
  }

  /// Throws unless the matrix has that shape.
  func requireShape(
    rows: Int, columns: Int, _ operand: @autoclosure () -> String
  ) throws(NeuralNetworkError) {
    guard self.rows == rows, self.columns == columns else {
      throw .shapeMismatch(
        operand: operand(), expected: [rows, columns], found: [self.rows, self.columns])
    }
  }

  /// Throws unless the matrix has that number of columns.
  func requireColumns(
    _ columns: Int, _ operand: @autoclosure () -> String
  ) throws(NeuralNetworkError) {
    try MixedMatrix(self).requireColumns(columns, operand())
  }
}

extension MixedMatrix {
  /// Throws unless the matrix has that number of columns.
  func requireColumns(
    _ columns: Int, _ operand: @autoclosure () -> String
  ) throws(NeuralNetworkError) {
    guard self.columns == columns else {
      throw .shapeMismatch(
        operand: operand(), expected: [rows, columns], found: [rows, self.columns])
    }
  }
}
