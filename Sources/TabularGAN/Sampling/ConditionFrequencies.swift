// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// The share of the rows at each category of the conditioned spans: what is needed to draw
/// conditions when rows are sampled, without the training rows. Stored with the model.
struct ConditionFrequencies: Codable, Sendable {
  struct Span: Codable, Sendable {
    /// Where the span begins in the encoded row, and in the condition vector.
    var rowOffset: Int
    var conditionOffset: Int
    var cumulative: [Double]

    /// The share of the rows at each category.
    var shares: [Double] { zip(cumulative, [0] + cumulative).map { $0 - $1 } }
  }
  var spans: [Span]
  var width: Int

  init(_ sampler: ConditionalSampler) {
    spans = sampler.spans.map {
      Span(
        rowOffset: $0.span.offset, conditionOffset: $0.conditionOffset,
        cumulative: $0.frequency)
    }
    width = sampler.width
  }

  /// The position of the condition vector that is 1 for a candidate of generated row `row`.
  func position(seed: UInt64, row: Int, candidate: Int) -> Int {
    let index = CounterRandom.index(row: row, candidate: candidate)
    let span = spans[
      CounterRandom(seed: seed, purpose: .samplingColumn).integer(below: spans.count, index)]
    let u = CounterRandom(seed: seed, purpose: .samplingCategory).uniform(index)
    return span.conditionOffset + ConditionalSampler.index(in: span.cumulative, at: u)
  }

  /// Draws from some categories of one span alone, in the proportions that they have in the table.
  func restricted(to span: Int, categories: [Bool]) -> ConditionFrequencies {
    var copy = self
    var only = spans[span]
    only.cumulative = ConditionalSampler.cumulative(
      zip(only.shares, categories).map { $1 ? $0 : 0 })
    copy.spans = [only]
    return copy
  }

  /// What each position of the condition vector stands for, by the labels of the encoded row.
  func labels(_ positionLabels: [String]) -> [String] {
    spans.flatMap { positionLabels[$0.rowOffset..<$0.rowOffset + $0.cumulative.count] }
  }
}
