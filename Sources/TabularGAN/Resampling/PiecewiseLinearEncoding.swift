// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularEncoding
import SeededRandom

/// What a network is shown of each scalar of an encoded row, so that it can follow steep and
/// many-peaked functions of it as a tree does: for each of some bins how much of it lies below the
/// value, 0...1 (Gorishniy, Rubachev and Babenko, "On Embeddings for Numerical Features in Tabular
/// Deep Learning", 2022).
///
/// The bins hold equal shares of a normal distribution, which scalars have that are encoded by
/// rank.
struct PiecewiseLinearEncoding {
  let bins: Int
  private let positions: [Int]
  private let lower: [Float]
  private let inverseWidth: [Float]
  /// Where the outermost bins end, in standard deviations.
  private static let reach = 3.5

  init(bins: Int, spans: [OutputSpan]) {
    self.bins = bins
    positions = bins == 0 ? [] : spans.filter { $0.activation != .softmax }.map(\.offset)
    let edges = (0...max(bins, 1)).map { edge -> Double in
      switch edge {
      case 0: -Self.reach
      case bins: Self.reach
      default: RowRandom.normalQuantile(Double(edge) / Double(bins))
      }
    }
    lower = edges.dropLast().map { Float($0) }
    inverseWidth = zip(edges.dropFirst(), edges).map { Float(1 / ($0 - $1)) }
  }

  /// Positions that a row takes.
  var width: Int { bins * positions.count }

  /// Writes the encoding of each row of `rows` from column `first` on. O(rows x width).
  func write(into rows: Matrix, from first: Int, in context: ComputeContext) {
    guard width > 0 else { return }
    rows.withUnsafeMutableBufferPointer { buffer in
      context.share(rows.rows, nanoseconds: 0.5 * Double(rows.rows * width)) { part in
        for row in part {
          let values = buffer.baseAddress! + row * rows.stride
          var output = values + first
          for position in positions {
            let value = values[position]
            for bin in 0..<bins {
              output[bin] = min(max((value - lower[bin]) * inverseWidth[bin], 0), 1)
            }
            output += bins
          }
        }
      }
    }
  }
}
