// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularEncoding

/// Lays out rows as the discriminator reads them: packs of `rowsPerPack` rows side by side, each
/// row followed by its derived features, and behind all of them their one-hot conditions, which are
/// sparse. Real rows may be sparse as a whole.
///
/// Row `i` of a batch is member `i / packs` of pack `i % packs`, so that the rows of one member
/// form a contiguous block of the generator's output and a strided block of the pack matrix.
package struct BatchAssembler {
  package let rowWidth: Int
  package let conditionWidth: Int
  package let rowsPerPack: Int
  private let features: DerivedFeatureMap?
  private let positionsAnEntry: Int

  /// Positions that an entry stands for where sparse rows are clearly faster. It costs as much as
  /// four or five of them, since it fetches a row of the weights from anywhere.
  package static let worthwhileSparsity = 8

  /// - Parameter positionsAnEntry: for which an entry must stand on average before rows are sparse.
  package init(
    rowWidth: Int, conditionWidth: Int, rowsPerPack: Int, features: DerivedFeatureMap? = nil,
    positionsAnEntry: Int = worthwhileSparsity
  ) {
    self.positionsAnEntry = positionsAnEntry
    self.rowWidth = rowWidth
    self.conditionWidth = conditionWidth
    self.rowsPerPack = rowsPerPack
    self.features = features.flatMap { $0.count > 0 ? $0 : nil }
  }

  /// Positions of one row with its features.
  private var memberWidth: Int { rowWidth + (features?.count ?? 0) }
  /// Positions of a pack's rows with their features.
  package var rowsWidth: Int { memberWidth * rowsPerPack }
  /// Positions of one pack: the discriminator's inputs.
  package var packWidth: Int { rowsWidth + conditionsWidth }
  private var conditionsWidth: Int { conditionWidth * rowsPerPack }

  /// Storage for the conditions of `packs` packs; nil if rows have none.
  func conditions(packs: Int) throws(NumericError) -> SparseRows? {
    try conditionWidth == 0
      ? nil : SparseRows(rows: packs, columns: conditionsWidth, entries: rowsPerPack)
  }

  /// Storage for `packs` packs of sparse rows; nil if dense rows are faster.
  package func sparsePacks(_ packs: Int, of table: EncodedTable) throws(NumericError) -> SparseRows?
  {
    let entries = (table.entriesPerRow + (conditionWidth > 0 ? 1 : 0)) * rowsPerPack
    guard features == nil, positionsAnEntry <= packWidth / entries else { return nil }
    return try SparseRows(rows: packs, columns: packWidth, entries: entries)
  }

  /// The part of `packs` that holds member `member`, without its features.
  func member(_ member: Int, of packs: Matrix) -> Matrix {
    packs[columns: member * memberWidth..<member * memberWidth + rowWidth]
  }

  /// Writes the table's `rows`, and their conditions (`positions[i]` for row `i`), into
  /// `rows.count / rowsPerPack` packs.
  package func writeReal(
    _ rows: [Int], of table: EncodedTable, conditions positions: [Int], into packs: MixedMatrix,
    in context: ComputeContext
  ) {
    if packs.dense.columns > 0 {
      writeReal(rows, of: table, into: packs.dense, in: context)
      if let conditions = packs.sparse { writeConditions(positions, into: conditions) }
    } else if let sparse = packs.sparse {
      writeReal(rows, of: table, conditions: positions, into: sparse, in: context)
    }
  }

  private func writeReal(
    _ rows: [Int], of table: EncodedTable, conditions positions: [Int], into packs: SparseRows,
    in context: ComputeContext
  ) {
    let (count, entries, own) = (packs.rows, packs.entries, table.entriesPerRow)
    packs.withUnsafeMutableEntries { indices, values in
      context.share(count, nanoseconds: 4 * Double(count * entries)) { part in
        for member in 0..<rowsPerPack {
          let start = part.lowerBound * entries + member * own
          table.writeEntries(
            rows: rows[member * count + part.lowerBound..<member * count + part.upperBound],
            positions: UnsafeMutableBufferPointer(rebasing: indices[start...]),
            values: UnsafeMutableBufferPointer(rebasing: values[start...]), stride: entries,
            first: member * memberWidth)
        }
      }
    }
    writeConditions(positions, into: packs, from: rowsPerPack * own, column: rowsWidth)
  }

  /// Writes the table's `rows` into `packs`, whose rows are `rows.count / rowsPerPack` packs.
  package func writeReal(
    _ rows: [Int], of table: EncodedTable, into packs: Matrix, in context: ComputeContext
  ) {
    let count = packs.rows
    packs.withUnsafeMutableBufferPointer { buffer in
      context.share(count, nanoseconds: 0.5 * Double(rows.count) * Double(rowWidth)) { part in
        for member in 0..<rowsPerPack {
          let start = part.lowerBound * packs.stride + member * memberWidth
          table.expand(
            rows: rows[member * count + part.lowerBound..<member * count + part.upperBound],
            into: UnsafeMutableBufferPointer(rebasing: buffer[start...]), stride: packs.stride)
        }
      }
    }
    deriveFeatures(in: packs, in: context)
  }

  /// Copies generated rows into `packs`.
  package func writeGenerated(
    _ generated: Matrix, into packs: Matrix, in context: ComputeContext
  ) {
    let count = packs.rows
    context.share(count, nanoseconds: copyingTime(generated)) { part in
      for m in 0..<rowsPerPack {
        member(m, of: packs[rows: part]).copy(
          from: generated[rows: m * count + part.lowerBound..<m * count + part.upperBound])
      }
    }
    deriveFeatures(in: packs, in: context)
  }

  /// Derives the features of the rows that stand in `packs`.
  func deriveFeatures(in packs: Matrix, in context: ComputeContext) {
    guard let features else { return }
    packs.withUnsafeMutableBufferPointer { buffer in
      let base = buffer.baseAddress!
      context.share(packs.rows, nanoseconds: featureTime(packs.rows)) { part in
        for member in 0..<rowsPerPack {
          let rows = base + part.lowerBound * packs.stride + member * memberWidth
          features.evaluate(
            rows, count: part.count, stride: packs.stride, into: rows + rowWidth,
            featureStride: packs.stride)
        }
      }
    }
  }

  /// Copies the gradient by the packs `part` of `packs` back to the layout of the generator's
  /// output, that of the features passed on to the rows that they derive from.
  package func readGradient(
    _ gradient: Matrix, of part: Range<Int>, at packs: Matrix, into generated: Matrix,
    in context: ComputeContext
  ) {
    let time =
      0.2 * Double(part.count * rowsPerPack * rowWidth)
      + (features == nil ? 0 : featureTime(part.count))
    context.share(part.count, nanoseconds: time) { own in
      let packRows = part.lowerBound + own.lowerBound..<part.lowerBound + own.upperBound
      for m in 0..<rowsPerPack {
        let first = m * packs.rows
        let rows = generated[rows: first + packRows.lowerBound..<first + packRows.upperBound]
        rows.copy(from: member(m, of: gradient[rows: own]))
        if features != nil {
          passBackFeatures(gradient[rows: own], at: packs[rows: packRows], member: m, to: rows)
        }
      }
    }
  }

  private func passBackFeatures(
    _ gradient: Matrix, at packs: Matrix, member: Int, to rows: Matrix
  ) {
    let first = member * memberWidth
    packs.withUnsafeBufferPointer { values in
      gradient.withUnsafeBufferPointer { gradients in
        rows.withUnsafeMutableBufferPointer { destination in
          features?.addGradient(
            gradients.baseAddress! + first + rowWidth, featureStride: gradient.stride,
            at: values.baseAddress! + first, count: rows.rows, stride: packs.stride,
            to: destination.baseAddress!, gradientStride: rows.stride)
        }
      }
    }
  }

  /// Nanoseconds that one thread takes for the features of a number of packs.
  private func featureTime(_ packs: Int) -> Double {
    60 * Double(packs * rowsPerPack * (features?.count ?? 0))
  }

  private func copyingTime(_ rows: Matrix) -> Double {
    0.2 * Double(rows.rows) * Double(rows.columns)
  }

  /// Writes one-hot conditions (`positions[i]` for row `i`), packed as the rows are.
  package func writeConditions(_ positions: [Int], into conditions: SparseRows) {
    writeConditions(positions, into: conditions, from: 0, column: 0)
  }

  /// - Parameters:
  ///   - entry: of each pack, the one of its first condition.
  ///   - column: where the conditions begin.
  private func writeConditions(
    _ positions: [Int], into packs: SparseRows, from entry: Int, column: Int
  ) {
    let count = packs.rows
    packs.withUnsafeMutableEntries { indices, values in
      for (i, position) in positions.enumerated() {
        let (member, pack) = i.quotientAndRemainder(dividingBy: count)
        let slot = pack * packs.entries + entry + member
        indices[slot] = Int32(column + member * conditionWidth + position)
        values[slot] = 1
      }
    }
  }
}
