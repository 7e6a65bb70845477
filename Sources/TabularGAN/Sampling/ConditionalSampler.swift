// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore
import Tabular
import TabularEncoding
import SeededRandom

/// Draws conditions (one category of one categorical column) and real rows that meet them: CTGAN's
/// training by sampling (Xu et al., 2019, section 4.3), so that rare categories are seen often
/// enough.
///
/// The condition vector is one-hot over the categories of all categorical spans.
package struct ConditionalSampler {
  /// A categorical span in the encoded row and where its categories begin in the condition vector.
  package struct CategoricalSpan {
    package let span: OutputSpan
    package let conditionOffset: Int
    /// Cumulative probability of the categories by log(1 + count), for training.
    package let logFrequency: [Double]
    /// Cumulative probability of the categories by their share of the rows, for sampling.
    package let frequency: [Double]
    /// Rows of category k: `rows[starts[k]..<starts[k + 1]]`.
    let starts: [Int]
    let rows: [UInt32]
  }

  /// A drawn condition: which categorical span, and which of its categories.
  package struct Condition {
    package let span: Int
    package let category: Int
  }

  /// A condition and a real row that meets it.
  package struct Draw {
    package let condition: Condition
    package let row: Int
  }

  package let spans: [CategoricalSpan]
  /// The spans as the kernels take them.
  let columnSpans: [ColumnSpan]
  /// Positions of the condition vector.
  package let width: Int

  /// Counts the categories of every categorical span. O(spans x rows). Nil where there is none.
  package init?(_ table: EncodedTable) {
    var spans: [CategoricalSpan] = []
    var offset = 0
    for (span, block) in zip(table.spans, table.blocks) where span.isCategory {
      guard let codes = block.codes else { continue }
      var counts = [Int](repeating: 0, count: span.width)
      for code in codes { counts[Int(code)] += 1 }
      var starts = [0]
      for count in counts { starts.append(starts.last! + count) }
      var next = starts
      var rows = [UInt32](repeating: 0, count: codes.count)
      for (row, code) in codes.enumerated() {
        rows[next[Int(code)]] = UInt32(row)
        next[Int(code)] += 1
      }
      spans.append(
        CategoricalSpan(
          span: span, conditionOffset: offset,
          logFrequency: Self.cumulative(counts.map { Self.logWeight($0) }),
          frequency: Self.cumulative(counts.map(Double.init)), starts: starts, rows: rows))
      offset += span.width
    }
    if spans.isEmpty { return nil }
    self.spans = spans
    columnSpans = spans.map { ColumnSpan(offset: $0.span.offset, width: $0.span.width) }
    width = offset
  }

  /// The condition of training row `index` and a real row that meets it.
  package func trainingDraw(seed: UInt64, index: UInt64) -> Draw {
    let span = CounterRandom(seed: seed, purpose: .conditionColumn)
      .integer(below: spans.count, index)
    let chosen = spans[span]
    let category = Self.index(
      in: chosen.logFrequency,
      at: CounterRandom(seed: seed, purpose: .conditionCategory).uniform(index))
    let members = chosen.starts[category + 1] - chosen.starts[category]
    let position = CounterRandom(seed: seed, purpose: .conditionRow).integer(below: members, index)
    return Draw(
      condition: Condition(span: span, category: category),
      row: Int(chosen.rows[chosen.starts[category] + position]))
  }

  private static func logWeight(_ count: Int) -> Double { log(1 + Double(count)) }

  package static func cumulative(_ weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    var sum = 0.0
    return weights.map {
      sum += $0
      return sum / total
    }
  }

  /// The first category whose cumulative probability exceeds `u`; never one of probability zero.
  package static func index(in cumulative: [Double], at u: Double) -> Int {
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > u { high = middle } else { low = middle + 1 }
    }
    // Rounding may leave the last sum below 1: step back to a category that has rows.
    while low > 0 && cumulative[low] == cumulative[low - 1] { low -= 1 }
    return low
  }
}
