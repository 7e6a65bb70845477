import NumericCore
import Tabular

/// Lays out rows as the discriminator reads them: packs of `rowsPerPack` rows side by side, each row
/// followed by its condition.
///
/// Row `i` of a batch is member `i / packs` of pack `i % packs`, so that the rows of one member form
/// a contiguous block of the generator's output and a strided block of the pack matrix.
package struct BatchAssembler {
  package let rowWidth: Int
  package let conditionWidth: Int
  package let rowsPerPack: Int

  package init(rowWidth: Int, conditionWidth: Int, rowsPerPack: Int) {
    self.rowWidth = rowWidth
    self.conditionWidth = conditionWidth
    self.rowsPerPack = rowsPerPack
  }

  /// Positions of one row with its condition.
  var memberWidth: Int { rowWidth + conditionWidth }
  /// Positions of one pack: the discriminator's inputs.
  package var packWidth: Int { memberWidth * rowsPerPack }

  /// The part of `packs` that holds member `member`, without its condition.
  func member(_ member: Int, of packs: Matrix) -> Matrix {
    packs[columns: member * memberWidth..<member * memberWidth + rowWidth]
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
  }

  /// Copies the gradient on the packs back to the layout of the generator's output.
  package func readGradient(
    _ gradient: Matrix, into generated: Matrix, in context: ComputeContext
  ) {
    let count = gradient.rows
    context.share(count, nanoseconds: copyingTime(generated)) { part in
      for m in 0..<rowsPerPack {
        generated[rows: m * count + part.lowerBound..<m * count + part.upperBound]
          .copy(from: member(m, of: gradient[rows: part]))
      }
    }
  }

  private func copyingTime(_ rows: Matrix) -> Double {
    0.2 * Double(rows.rows) * Double(rows.columns)
  }

  /// Writes one-hot conditions (`positions[i]` for row `i`) behind the rows of `packs`.
  package func writeConditions(_ positions: [Int], into packs: Matrix) {
    guard conditionWidth > 0 else { return }
    let count = packs.rows
    packs.withUnsafeMutableBufferPointer { buffer in
      for (i, position) in positions.enumerated() {
        let start =
          (i % count) * packs.stride + (i / count) * memberWidth + rowWidth
        buffer[start..<start + conditionWidth].update(repeating: 0)
        buffer[start + position] = 1
      }
    }
  }
}
