// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Testing

/// Sizes larger than memory are an error and do not end the process.
@Suite struct MemoryTests {
  static let absurd: [(Int, Int)] = [
    (.max, 1), (1, .max), (.max, .max), (1 << 32, 1 << 32), (1 << 31, 1 << 31), (.max / 4, 5),
    (3, .max - 7), (1 << 25, 1 << 25),
  ]

  /// Whether the error is about memory and states its purpose.
  private func isShort(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return false
    } catch NumericError.outOfMemory(let bytes, let purpose) {
      return (bytes ?? .max) > 1 << 40 && !purpose.isEmpty
    } catch {
      return false
    }
  }

  @Test(arguments: absurd) func matricesAreRefused(rows: Int, columns: Int) {
    #expect(isShort { _ = try Matrix(rows: rows, columns: columns) })
    #expect(isShort { _ = try HalfMatrix(rows: rows, columns: columns, format: .bfloat16) })
    #expect(isShort { _ = try SparseRows(rows: rows, columns: 7, entries: columns) })
  }

  @Test(arguments: absurd) func packedWeightsAreRefused(rows: Int, columns: Int) throws {
    let context = try ComputeContext(threads: 1)
    #expect(throws: NumericError.self) {
      _ = try PackedWeights(rows: rows, columns: columns, in: context)
    }
    #expect(throws: NumericError.self) {
      _ = try PackedHalfWeights(rows: rows, columns: columns, format: .float16, in: context)
    }
  }

  @Test(arguments: [(-1, 3), (3, -1), (.min, .min)])
  func negativeSizesAreRefused(rows: Int, columns: Int) {
    #expect(throws: NumericError.self) { _ = try Matrix(rows: rows, columns: columns) }
    #expect(throws: NumericError.self) {
      _ = try HalfMatrix(rows: rows, columns: columns, format: .float16)
    }
    #expect(throws: NumericError.self) {
      _ = try SparseRows(rows: rows, columns: columns, entries: 1)
    }
    #expect(throws: NumericError.self) {
      _ = try SparseRows(rows: 1, columns: 1, entries: min(rows, columns))
    }
  }

  @Test func raggedRowsAndWideSparseOnesAreRefused() {
    #expect(throws: NumericError.shapeMismatch(operand: "Row 1", expected: [2], found: [1])) {
      _ = try Matrix([[1, 2], [3]])
    }
    #expect(throws: NumericError.self) {
      _ = try SparseRows(rows: 1, columns: 1 << 31, entries: 1)
    }
  }

  @Test func manyRowsOfNothingTakeNoRoom() throws {
    let empty = try Matrix(rows: .max, columns: 0)
    #expect(empty.rows == .max && empty.toArray().isEmpty)
    let context = try ComputeContext(threads: 1)
    // Kernels have their own limit, and nothing to do below it.
    let many = try Matrix(rows: 1 << 48, columns: 0)
    try context.activationForward(many, activation: .relu, into: many)
    #expect(throws: NumericError.self) {
      try context.activationForward(empty, activation: .relu, into: empty)
    }
  }

  @Test func theMessageSaysHowMuchForWhat() {
    let error = NumericError.outOfMemory(bytes: 4096, purpose: "a matrix of 32 x 32 numbers")
    #expect(
      "\(error)" == "not enough memory: 4096 bytes are needed for a matrix of 32 x 32 numbers")
  }
}
