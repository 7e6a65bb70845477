// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import TestSupport

/// As ``PoisonedMatrix`` for 16-bit values, which are those of a matrix of floats, rounded.
final class PoisonedHalfMatrix {
  let format: ck_half_format
  let rows: Int
  let columns: Int
  let stride: Int
  let base: UnsafeMutablePointer<ck_half>
  private let memory: GuardedMemory
  private static let poison: ck_half = 0x7fd5  // a NaN in both formats
  private static let margin = 32

  init(_ format: ck_half_format, rows: Int, columns: Int, pad: Int = 3) {
    self.format = format
    self.rows = rows
    self.columns = columns
    stride = columns + pad
    let count = rows > 0 ? (rows - 1) * stride + columns : 0
    memory = GuardedMemory(bytes: 2 * count, margin: 2 * Self.margin)
    base = memory.start.bindMemory(to: ck_half.self, capacity: count)
    (base - Self.margin).initialize(repeating: Self.poison, count: count + Self.margin)
  }

  /// Rounds `source` to nearest even.
  convenience init(_ format: ck_half_format, _ source: PoisonedMatrix, pad: Int = 3) {
    self.init(format, rows: source.rows, columns: source.columns, pad: pad)
    for r in 0..<rows {
      for c in 0..<columns { base[r * stride + c] = ck_reference_round(format, source[r, c]) }
    }
  }

  subscript(row: Int, column: Int) -> Float {
    Float(ck_reference_widen(format, base[row * stride + column]))
  }

  /// The same values as floats.
  var widened: PoisonedMatrix {
    let result = PoisonedMatrix(rows: rows, columns: columns)
    for r in 0..<rows {
      for c in 0..<columns { result[r, c] = self[r, c] }
    }
    return result
  }

  /// Whether nothing but the elements has been written.
  var padsAreIntact: Bool {
    func intact(_ pointer: UnsafeMutablePointer<ck_half>, _ count: Int) -> Bool {
      (0..<count).allSatisfy { pointer[$0] == Self.poison }
    }
    return intact(base - Self.margin, Self.margin)
      && (0..<max(0, rows - 1)).allSatisfy {
        intact(base + $0 * stride + columns, stride - columns)
      }
  }

  var bits: [ck_half] {
    (0..<rows).flatMap { row in (0..<columns).map { base[row * stride + $0] } }
  }
}
