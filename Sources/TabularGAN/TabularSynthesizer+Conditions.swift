// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular

extension TabularSynthesizer {
  /// The default limit of draws for a number of rows: 10,000 for each, at least a million and
  /// at most 100 million.
  public static func defaultMaxDraws(for count: Int) -> Int {
    max(min(count, 10_000) * 10_000, 1_000_000)
  }

  /// Generates rows that meet conditions: of the endless table that the seed stands for (see
  /// ``sample(rows:seed:in:)``) the first `count` that do.
  ///
  /// Rows are drawn and those that don't meet the conditions are left out, which is the model's
  /// exact conditional distribution. A model that was trained with conditions on categories
  /// (``SynthesizerConfiguration/conditional``) receives the condition that holds for the fewest
  /// training rows, so that far fewer draws are left out; the rows then follow what the model
  /// learned of that condition, and the categories their proportions in the training table.
  ///
  /// The number of draws is limited: after 65,536 of them, and whenever their number has doubled,
  /// and when `maxDraws` are reached, they end with
  /// ``ConditionalSamplingError/tooRare(_:wanted:maxDraws:)`` where even the upper end of the
  /// rate's 95 % confidence interval is too low for the rest of the rows. The rows depend on the
  /// seed and the conditions alone. O(draws x weights).
  ///
  /// - Parameters:
  ///   - conditions: all of them must be met; their columns are those of ``schema``.
  ///   - maxDraws: the most rows to draw; by default ``defaultMaxDraws(for:)``.
  ///   - onRows: gets the accepted rows of each block of draws, perhaps none, and the tally so far.
  /// - Returns: the tally up to the last row that was accepted.
  /// - Throws: ``ConditionalSamplingError``, `TabularError`, and whatever `onRows` throws.
  @discardableResult
  public func sample(
    _ count: Int, where conditions: [RowCondition], seed: UInt64, maxDraws: Int? = nil,
    in context: ComputeContext, onRows: (Table, DrawTally) throws -> Void
  ) throws -> DrawTally {
    try sample(
      count, where: conditions, seed: seed, maxDraws: maxDraws, drawsPerBlock: 8192,
      in: context, onRows: onRows)
  }

  /// The rows that meet conditions as one table.
  public func sample(
    _ count: Int, where conditions: [RowCondition], seed: UInt64, maxDraws: Int? = nil,
    in context: ComputeContext
  ) throws -> Table {
    var parts: [Table] = []
    try sample(count, where: conditions, seed: seed, maxDraws: maxDraws, in: context) { rows, _ in
      if rows.rowCount > 0 { parts.append(rows) }
    }
    return try Table(joining: parts)
  }

  package func sample(
    _ count: Int, where conditions: [RowCondition], seed: UInt64, maxDraws: Int?,
    drawsPerBlock: Int, in context: ComputeContext, onRows: (Table, DrawTally) throws -> Void
  ) throws -> DrawTally {
    precondition(drawsPerBlock > 0)
    guard (1...Self.maxRows).contains(count) else {
      throw TrainingError.configuration("the rows must lie in 1...2^48, not be \(count)")
    }
    let maxDraws = min(maxDraws ?? Self.defaultMaxDraws(for: count), Self.maxRows)
    let drawn = try conditionFrequencies(where: conditions)
    var tally = DrawTally()
    var nextCheck = Self.pilotDraws
    while tally.accepted < count {
      if tally.draws >= min(nextCheck, maxDraws) {
        nextCheck *= 2
        let rest = Double(count - tally.accepted)
        guard rest <= tally.interval.upperBound * Double(maxDraws - tally.draws) else {
          throw ConditionalSamplingError.tooRare(tally, wanted: count, maxDraws: maxDraws)
        }
      }
      let block = min(
        max(Self.expectedDraws(after: tally, of: count), Self.minDraws), drawsPerBlock)
      let last = min(tally.draws + block, nextCheck, maxDraws)
      let first = tally.draws
      let drawnRows = try rows(
        first..<last, meeting: conditions, conditions: drawn, seed: seed, in: context)
      let accepted = min(drawnRows.numbers.count, count - tally.accepted)
      tally.accepted += accepted
      // Ended by the row that was wanted last, the tally doesn't depend on the size of a block.
      tally.draws = tally.accepted == count ? drawnRows.numbers[accepted - 1] + 1 : last
      try onRows(drawnRows.table.selecting(rows: Array(0..<accepted)), tally)
    }
    return tally
  }

  /// The estimated number of further draws for `count` rows in all, by the rate so far; without a
  /// rate, twice as many as before.
  private static func expectedDraws(after tally: DrawTally, of count: Int) -> Int {
    let expected =
      tally.accepted > 0
      ? 1.1 * Double(count - tally.accepted) / tally.rate : 2 * Double(max(tally.draws, count))
    return Int(min(expected, 1e15))
  }

  /// Draws that are worth making at a time.
  private static let minDraws = 512

  /// Draws before the rate is checked for the first time.
  private static let pilotDraws = 65_536

  /// What the condition vector of a conditional model is drawn from, so that as many rows as
  /// possible meet `conditions`; nil for other models.
  ///
  /// Throws where conditions leave a column no category.
  private func conditionFrequencies(
    where conditions: [RowCondition]
  ) throws -> ConditionFrequencies? {
    var best: (span: Int, categories: [Bool], share: Double)?
    for span in encoder.spans.indices {
      guard let category = encoder.categoryValues(ofSpan: span) else { continue }
      let own = conditions.filter { $0.column == category.values.name }
      if own.isEmpty { continue }
      let met = try Table(columns: [category.values]).rows(where: own)
      guard !met.isEmpty else {
        throw ConditionalSamplingError.noCategory(
          column: category.values.name,
          categories: category.names.map { $0.isEmpty ? "missing" : $0 })
      }
      // Of a group, other categories than those that meet the conditions are left out afterwards.
      var categories = [Bool](repeating: false, count: encoder.spans[span].width)
      for value in met { categories[category.positions[value]] = true }
      guard categories.contains(false),
        let index = self.conditions?.spans.firstIndex(where: {
          $0.rowOffset == encoder.spans[span].offset
        })
      else { continue }
      let share = zip(self.conditions!.spans[index].shares, categories)
        .reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
      if share < best?.share ?? 1 { best = (index, categories, share) }
    }
    guard let best else { return self.conditions }
    return self.conditions?.restricted(to: best.span, categories: best.categories)
  }
}
