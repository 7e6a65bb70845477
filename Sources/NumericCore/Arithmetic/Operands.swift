// SPDX-License-Identifier: Apache-2.0

// What the operations of this folder require of their operands.

extension Matrix {
  /// Whether the rows lie one behind the other, without gaps.
  var isGapless: Bool { stride == columns || rows <= 1 }

  /// Throws unless the matrix has `other`'s shape, or is one row, one column or one number to be
  /// used for all of its rows and columns.
  func requireFitting(_ other: Matrix, _ operand: @autoclosure () -> String) throws(NumericError) {
    guard rows == other.rows || rows == 1, columns == other.columns || columns == 1 else {
      throw .shapeMismatch(
        operand: operand(), expected: [other.rows, other.columns], found: [rows, columns])
    }
  }

  /// Throws if an output shares elements with an operand.
  func requireApart(from operand: Matrix, _ name: @autoclosure () -> String) throws(NumericError) {
    if overlaps(operand) {
      throw .invalidParameter("the output overlaps \(name())")
    }
  }

  /// Throws if an output shares elements with an operand without being the same matrix.
  func requireSameOrApart(
    from operand: Matrix, _ name: @autoclosure () -> String
  ) throws(NumericError) {
    if overlaps(operand) && !coincides(with: operand) {
      throw .invalidParameter("the output overlaps \(name()) without being the same matrix")
    }
  }

  /// Throws unless there is an element.
  func requireElements(for result: @autoclosure () -> String) throws(NumericError) {
    if rows == 0 || columns == 0 {
      throw .invalidParameter("\(result()) of no elements is undefined")
    }
  }
}

extension ComputeContext {
  /// Calls `body` with rectangles that make up `rows` x `columns`, on as many threads as the work
  /// is worth: some of the rows, or some of the columns where there are fewer rows than threads.
  ///
  /// - Parameters:
  ///   - grain: rectangles begin at multiples of it in the direction that is cut.
  ///   - nanoseconds: what an element takes, roughly.
  @inline(__always)
  func shareElements(
    rows: Int, columns: Int, grain: (rows: Int, columns: Int) = (1, 16), nanoseconds: Double,
    _ body: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void
  ) {
    let total = nanoseconds * Double(rows) * Double(columns)
    let byRows = rows >= threads * grain.rows
    share(
      byRows ? rows : columns, grain: byRows ? grain.rows : grain.columns, nanoseconds: total
    ) { part in
      if byRows { body(part, 0..<columns) } else { body(0..<rows, part) }
    }
  }
}
