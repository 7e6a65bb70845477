// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Testing

@Suite struct MatrixTests {
  private func numbered(_ rows: Int, _ columns: Int) -> Matrix {
    let matrix = try! Matrix(rows: rows, columns: columns)
    for r in 0..<rows { for c in 0..<columns { matrix[r, c] = Float(100 * r + c) } }
    return matrix
  }

  @Test(arguments: [0, 1, 3, 15, 16, 17, 100, 1024]) func startsAtZero(columns: Int) throws {
    let matrix = try Matrix(rows: 3, columns: columns)
    #expect(matrix.toArray() == Array(repeating: 0, count: 3 * columns))
    #expect(matrix.stride >= columns)
    #expect(columns < 1024 || matrix.stride % 1024 != 0, "rows a page apart share cache lines")
  }

  @Test func slicesShareStorage() {
    let matrix = numbered(5, 20)
    let part = matrix[rows: 1..<4][columns: 3..<7]
    #expect(part.toArray() == (1..<4).flatMap { r in (3..<7).map { Float(100 * r + $0) } })
    part[2, 3] = -1
    #expect(matrix[3, 6] == -1)
    part.fill(9)
    #expect(matrix[0, 3] == 3 && matrix[1, 2] == 102 && matrix[1, 3] == 9 && matrix[1, 7] == 107)
    part.copy(from: numbered(3, 4))
    #expect(matrix[2, 4] == 101)
  }

  @Test func storageOutlivesItsFirstOwner() {
    func slice() -> Matrix { numbered(4, 4)[rows: 2..<3] }
    #expect(slice().toArray() == [200, 201, 202, 203])
  }

  @Test func madeFromRows() throws {
    #expect(try Matrix([[1, 2], [3, 4], [5, 6]]).toArray() == [1, 2, 3, 4, 5, 6])
    #expect(try Matrix([]).rows == 0)
  }

  @Test func pointersReachEveryElement() throws {
    let matrix = numbered(3, 17)
    let sum = matrix.withUnsafeBufferPointer { buffer in
      (0..<3).reduce(Float(0)) { $0 + buffer[$1 * matrix.stride + 16] }
    }
    #expect(sum == 16 + 116 + 216)
    #expect(try Matrix(rows: 0, columns: 5).withUnsafeBufferPointer { $0.count } == 0)
  }
}
