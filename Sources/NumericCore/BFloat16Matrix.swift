import CKernels

/// A row-major matrix of 16-bit numbers on a cache line: an operand of the bfloat16 products.
public final class BFloat16Matrix {
  public let rows: Int
  public let columns: Int
  /// The distance between rows, in elements.
  public let stride: Int
  let base: UnsafeMutablePointer<UInt16>

  /// Makes a matrix of zeros.
  ///
  /// - Precondition: neither size is negative.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "A matrix cannot have \(rows) x \(columns) elements.")
    self.rows = rows
    self.columns = columns
    // Whole cache lines, and never a multiple of a page apart.
    let padded = (columns + 31) / 32 * 32
    stride = padded % 2048 == 0 ? padded + 32 : padded
    let bytes = (rows * stride * 2 + 127) / 64 * 64
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base = raw.initializeMemory(as: UInt16.self, repeating: 0, count: bytes / 2)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  public subscript(row: Int, column: Int) -> BFloat16 {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      return BFloat16(bitPattern: base[row * stride + column])
    }
    set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns)
      base[row * stride + column] = newValue.bitPattern
    }
  }

  func require(
    _ rows: Int, _ columns: Int, _ operand: @autoclosure () -> String
  ) throws(NumericError) {
    guard self.rows >= rows, self.columns == columns else {
      throw .shapeMismatch(
        operand: operand(), expected: [rows, columns], found: [self.rows, self.columns])
    }
  }
}

extension ComputeContext {
  /// Rounds the elements of `x` to nearest even, into the first rows of `y`, which has as many
  /// columns.
  public func convert(_ x: Matrix, into y: BFloat16Matrix) throws(NumericError) {
    try y.require(x.rows, x.columns, "The 16-bit matrix")
    try check(
      ck_convert_rows_f32_to_bf16(
        handle, Int64(x.rows), Int64(x.columns), x.base, Int64(x.stride), y.base, Int64(y.stride)))
  }
}
