import NumericCore
import Tabular

/// Lays out rows as the discriminator reads them: packs of `rowsPerPack` rows side by side, each row
/// followed by its condition and its derived features.
///
/// Row `i` of a batch is member `i / packs` of pack `i % packs`, so that the rows of one member form
/// a contiguous block of the generator's output and a strided block of the pack matrix.
package struct BatchAssembler {
  package let rowWidth: Int
  package let conditionWidth: Int
  package let rowsPerPack: Int
  private let features: DerivedFeatureMap?

  package init(
    rowWidth: Int, conditionWidth: Int, rowsPerPack: Int, features: DerivedFeatureMap? = nil
  ) {
    self.rowWidth = rowWidth
    self.conditionWidth = conditionWidth
    self.rowsPerPack = rowsPerPack
    self.features = features.flatMap { $0.count > 0 ? $0 : nil }
  }

  /// Positions of one row with its condition and its features.
  var memberWidth: Int { featureOffset + (features?.count ?? 0) }
  private var featureOffset: Int { rowWidth + conditionWidth }
  /// Positions of one pack: the discriminator's inputs.
  package var packWidth: Int { memberWidth * rowsPerPack }

  /// The part of `packs` that holds member `member`, without its condition.
  func member(_ member: Int, of packs: Matrix) -> Matrix {
    packs[columns: member * memberWidth..<member * memberWidth + rowWidth]
  }

  /// Writes the table's `rows` into `packs`, whose rows are `rows.count / rowsPerPack` packs.
  package func writeReal(_ rows: [Int], of table: EncodedTable, into packs: Matrix) {
    let count = packs.rows
    packs.withUnsafeMutableBufferPointer { buffer in
      for member in 0..<rowsPerPack {
        let base = UnsafeMutableBufferPointer(rebasing: buffer[(member * memberWidth)...])
        table.expand(
          rows: Array(rows[member * count..<(member + 1) * count]), into: base,
          stride: packs.stride)
      }
    }
    writeFeatures(into: packs)
  }

  /// Copies generated rows into `packs`.
  package func writeGenerated(_ generated: Matrix, into packs: Matrix) {
    let count = packs.rows
    for m in 0..<rowsPerPack {
      member(m, of: packs).copy(from: generated[rows: m * count..<(m + 1) * count])
    }
    writeFeatures(into: packs)
  }

  /// Derives the features of the rows that stand in `packs`.
  private func writeFeatures(into packs: Matrix) {
    guard let features else { return }
    packs.withUnsafeMutableBufferPointer { buffer in
      for member in 0..<rowsPerPack {
        let base = buffer.baseAddress! + member * memberWidth
        features.evaluate(
          base, count: packs.rows, stride: packs.stride, into: base + featureOffset,
          featureStride: packs.stride)
      }
    }
  }

  /// Copies the gradient on `packs` back to the layout of the generator's output, that of the
  /// features passed on to the rows that they derive from.
  package func readGradient(_ gradient: Matrix, at packs: Matrix, into generated: Matrix) {
    let count = gradient.rows
    for m in 0..<rowsPerPack {
      let rows = generated[rows: m * count..<(m + 1) * count]
      rows.copy(from: member(m, of: gradient))
      guard let features else { continue }
      packs.withUnsafeBufferPointer { packValues in
        gradient.withUnsafeBufferPointer { gradients in
          rows.withUnsafeMutableBufferPointer { destination in
            features.addGradient(
              gradients.baseAddress! + m * memberWidth + featureOffset,
              featureStride: gradient.stride, at: packValues.baseAddress! + m * memberWidth,
              count: count, stride: packs.stride, to: destination.baseAddress!,
              gradientStride: rows.stride)
          }
        }
      }
    }
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
