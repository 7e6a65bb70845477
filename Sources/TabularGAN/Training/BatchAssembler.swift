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
    writeFeatures(into: packs, in: context)
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
    writeFeatures(into: packs, in: context)
  }

  /// Derives the features of the rows that stand in `packs`.
  private func writeFeatures(into packs: Matrix, in context: ComputeContext) {
    guard let features else { return }
    packs.withUnsafeMutableBufferPointer { buffer in
      let base = buffer.baseAddress!
      context.share(packs.rows, nanoseconds: featureTime(packs.rows)) { part in
        for member in 0..<rowsPerPack {
          let rows = base + part.lowerBound * packs.stride + member * memberWidth
          features.evaluate(
            rows, count: part.count, stride: packs.stride, into: rows + featureOffset,
            featureStride: packs.stride)
        }
      }
    }
  }

  /// Copies the gradient by the packs `part` of `packs` back to the layout of the generator's output, that
  /// of the features passed on to the rows that they derive from.
  package func readGradient(
    _ gradient: Matrix, of part: Range<Int>, at packs: Matrix, into generated: Matrix,
    in context: ComputeContext
  ) {
    let time =
      0.2 * Double(part.count * rowsPerPack * rowWidth)
      + (features == nil ? 0 : featureTime(part.count))
    context.share(part.count, nanoseconds: time) { own in
      let places = part.lowerBound + own.lowerBound..<part.lowerBound + own.upperBound
      for m in 0..<rowsPerPack {
        let first = m * packs.rows
        let rows = generated[rows: first + places.lowerBound..<first + places.upperBound]
        rows.copy(from: member(m, of: gradient[rows: own]))
        if features != nil {
          passBackFeatures(gradient[rows: own], at: packs[rows: places], member: m, to: rows)
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
            gradients.baseAddress! + first + featureOffset, featureStride: gradient.stride,
            at: values.baseAddress! + first, count: rows.rows, stride: packs.stride,
            to: destination.baseAddress!, gradientStride: rows.stride)
        }
      }
    }
  }

  /// Nanoseconds that one thread takes for the features of so many packs.
  private func featureTime(_ packs: Int) -> Double {
    60 * Double(packs * rowsPerPack * (features?.count ?? 0))
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
