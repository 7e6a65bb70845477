// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// A matrix among NaNs of its own: what reads the elements beside it shows it in the result, and
/// what writes them is found out by ``surroundingsAreIntact``.
public final class PoisonedSlice {
  /// Where a matrix lies.
  public enum Layout: String, CaseIterable, Sendable {
    /// In storage of its own; only the gaps between its rows are poisoned.
    case whole
    /// In the middle of a larger matrix.
    case slice
  }

  /// The slice, whose neighbors are poisoned.
  public let matrix: Matrix
  private let storage: Matrix
  private let isElement: [Bool]
  private static let poison = Float(bitPattern: 0x7fc0_dead)

  /// Makes a matrix whose elements are poisoned too, unless there is a seed for random numbers of
  /// both signs and several magnitudes.
  public init(rows: Int, columns: Int, _ layout: Layout, seed: UInt64? = nil) throws {
    let margin = layout == .slice ? (rows: 1, columns: 3) : (rows: 0, columns: 0)
    let storage = try Matrix(
      rows: rows + 2 * margin.rows, columns: columns + 2 * margin.columns)
    self.storage = storage
    matrix =
      storage[rows: margin.rows..<margin.rows + rows][
        columns: margin.columns..<margin.columns + columns]
    isElement = storage.withUnsafeMutableBufferPointer { buffer in
      buffer.update(repeating: Self.poison)
      return buffer.indices.map { index in
        let (row, column) = index.quotientAndRemainder(dividingBy: storage.stride)
        return (margin.rows..<margin.rows + rows).contains(row)
          && (margin.columns..<margin.columns + columns).contains(column)
      }
    }
    if let seed { fill(seed: seed) }
  }

  /// Numbers of both signs and several magnitudes, the same for the same seed and shape.
  public func fill(seed: UInt64) {
    let numbers = PoisonedMatrix(rows: matrix.rows, columns: matrix.columns, seed: seed)
    for row in 0..<matrix.rows {
      for column in 0..<matrix.columns { matrix[row, column] = numbers[row, column] }
    }
  }

  /// Whether nothing but the elements has been written.
  public var surroundingsAreIntact: Bool {
    storage.withUnsafeBufferPointer { buffer in
      buffer.indices.allSatisfy { isElement[$0] || buffer[$0].bitPattern == Self.poison.bitPattern }
    }
  }
}

extension Matrix {
  /// The elements' bits, row by row.
  public var bits: [UInt32] { toArray().map(\.bitPattern) }
}
