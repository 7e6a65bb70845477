// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The precision of a column's values if they do not all have the same number of decimals: 99 % one
/// decimal and 1 % three, three significant digits, mostly whole hundreds.
///
/// The model is that each value was rounded to one of a few steps. The share of each step is
/// estimated from the digits: of values rounded to a step, nine in ten have all its digits, one in
/// ten ends in a zero, one in a hundred in two. Values in excess of these expectations belong to a
/// coarser step. A generated value is rounded to a step drawn according to these shares.
struct DigitShares: Sendable, Equatable {
  /// The measure that distinguishes steps.
  enum DigitKind: String, Sendable, Codable {
    /// Digits after the decimal point; negative for whole tens, hundreds, ...
    case decimals
    /// Significant digits.
    case significant
  }

  struct Step: Sendable, Codable, Equatable {
    /// Nil for the full precision of a `Double`.
    var digits: Int?
    /// Whether the last digit is 0 or 5.
    var isFive: Bool
    /// The share of the rows.
    var share: Double

    var factor: Double { isFive ? 5 : 1 }
  }

  let kind: DigitKind
  /// The most frequent step first.
  let steps: [Step]

  /// Number of values to examine, evenly spaced.
  private static let sampleSize = 50_000
  /// Values with more significant digits than this are unrounded.
  private static let maxDigits = 15
  /// The minimum share of a step coarser than the most frequent one, so that values which are round
  /// by chance are not a step.
  private static let minCoarseShare = 0.05
  private static let minCoarseRows = 10
  private static let maxSteps = 8

  /// Estimates the shares from values. Uses decimals or significant digits, whichever has the lower
  /// entropy. O(values), at most 50,000.
  ///
  /// - Returns: nil if there is no value other than 0.
  init?(_ values: [Double]) {
    let size = min(values.count, Self.sampleSize)
    let digits = (0..<size).compactMap { ShortestDigits(values[$0 * values.count / size]) }
    guard !digits.isEmpty else { return nil }
    let decimals = DigitShares(
      kind: .decimals,
      steps: Self.steps(digits.map { ($0.significant > Self.maxDigits ? nil : $0.decimals, $0) }))
    let significant = DigitShares(
      kind: .significant,
      steps: Self.steps(
        digits.map { ($0.significant > Self.maxDigits ? nil : $0.significant, $0) }))
    self = significant.entropy < decimals.entropy - 1e-9 ? significant : decimals
  }

  private init(kind: DigitKind, steps: [Step]) {
    self.kind = kind
    self.steps = steps
  }

  private var entropy: Double { steps.reduce(0) { $0 - $1.share * log($1.share) } }

  /// The number of decimals that all values are rounded to; nil if there is no single one.
  var onlyDecimals: Int? {
    guard kind == .decimals, steps.count == 1, !steps[0].isFive else { return nil }
    return steps[0].digits
  }

  /// The share of the step with the most digits.
  var finestShare: Double {
    steps.max { ($0.digits ?? .max) < ($1.digits ?? .max) }!.share
  }

  /// Whether values have the full precision of a `Double`.
  var isUnrounded: Bool { steps.count == 1 && steps[0].digits == nil }

  // MARK: Fitting

  /// The steps that explain the distribution of digit counts, estimated from the finest to the
  /// coarsest.
  private static func steps(_ values: [(digits: Int?, text: ShortestDigits)]) -> [Step] {
    var counts: [Int: (all: Int, fives: Int)] = [:]
    var unrounded = 0
    for (digits, text) in values {
      guard let digits else {
        unrounded += 1
        continue
      }
      counts[digits, default: (0, 0)].all += 1
      if text.endsInFive { counts[digits, default: (0, 0)].fives += 1 }
    }
    let total = Double(values.count)
    var found: [(digits: Int?, isFive: Bool, rows: Double)] = []
    var left = total
    // The number of rows with the next smaller number of digits that finer steps explain.
    var expected = 0.0
    func take(_ digits: Int?, isFive: Bool, rows: Double) {
      let rows = min(rows, left)
      guard rows > 0 else { return }
      found.append((digits, isFive, rows))
      left -= rows
    }
    if unrounded > 0 {
      take(nil, isFive: false, rows: Double(unrounded) / 0.9)
      // A `Double` has between 15 and 17 digits.
      expected = 0.2 * Double(unrounded)
    }
    var previous = counts.keys.max().map { $0 + 1 } ?? 0
    for digits in counts.keys.sorted(by: >) {
      expected *= pow(0.1, Double(previous - 1 - digits))
      previous = digits
      let (all, fives) = counts[digits]!
      // In excess of the ninth that ends in a five by chance.
      let others = Double(all - fives)
      let ownFives = Double(fives) - others / 8
      let hasFives = ownFives > 3 * (others / 8).squareRoot() + 3 && ownFives > 0.2 * Double(all)
      let own = (hasFives ? others * 9 / 8 : Double(all)) - expected
      var next = 0.1 * expected
      if own > 3 * expected.squareRoot() {
        let rows = min(own / 0.9, left)
        take(digits, isFive: false, rows: rows)
        next += 0.09 * rows
      }
      if hasFives {
        let rows = min(2 * ownFives, left)
        take(digits, isFive: true, rows: rows)
        next += 0.45 * rows
      }
      expected = next
    }
    return significantSteps(found, total: total)
  }

  /// The shares of the significant steps, in descending order.
  private static func significantSteps(
    _ found: [(digits: Int?, isFive: Bool, rows: Double)], total: Double
  ) -> [Step] {
    guard let maximum = found.indices.max(by: { found[$0].rows < found[$1].rows }) else {
      return []
    }
    // The steps are ordered from fine to coarse.
    let kept = found.indices.filter { index in
      index <= maximum
        || found[index].rows >= max(minCoarseShare * total, Double(minCoarseRows))
    }.map { found[$0] }.sorted { $0.rows > $1.rows }.prefix(maxSteps)
    let sum = kept.reduce(0) { $0 + $1.rows }
    return kept.map { Step(digits: $0.digits, isFive: $0.isFive, share: $0.rows / sum) }
  }

  // MARK: Rounding

  /// The decimals of a step for a value of this magnitude; nil for full precision.
  private func decimals(_ step: Step, at value: Double) -> Int? {
    guard let digits = step.digits else { return nil }
    return kind == .decimals ? digits : digits - 1 - ShortestDigits.decade(value)
  }

  /// Rounds a value to the step at `position`, 0..<1, in the cumulative shares.
  func round(_ value: Double, at position: Double) -> Double {
    guard value != 0 else { return 0 }
    var end = 0.0
    let step =
      steps.first { step in
        end += step.share
        return position < end
      } ?? steps[0]
    guard let decimals = decimals(step, at: value) else { return value }
    return ShortestDigits.round(value, decimals: decimals, factor: step.factor)
  }

  /// The width of the interval that is rounded to this value, for the most likely step.
  func cell(_ value: Double) -> Double {
    guard let text = ShortestDigits(value) else { return 0 }
    var best = (weight: 0.0, cell: 0.0)
    for step in steps {
      guard let decimals = decimals(step, at: value) else {
        if text.significant > Self.maxDigits && step.share > best.weight { best = (step.share, 0) }
        continue
      }
      let extra = decimals - text.decimals
      guard extra > 0 || (extra == 0 && (!step.isFive || text.endsInFive)) else { continue }
      let weight = step.share * step.factor * ShortestDigits.step(decimals: min(extra, 300))
      if weight > best.weight {
        best = (weight, ShortestDigits.step(decimals: decimals, factor: step.factor))
      }
    }
    return best.cell
  }
}

extension DigitShares: Codable {
  private enum CodingKeys: String, CodingKey { case kind, steps }

  /// Decodes shares and rejects values that fitting cannot produce.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decode(DigitKind.self, forKey: .kind)
    steps = try container.decode([Step].self, forKey: .steps)
    let minimum = kind == .significant ? 1 : -400
    guard (1...Self.maxSteps).contains(steps.count),
      steps.allSatisfy({ $0.share > 0 && $0.share <= 1 && (minimum...400).contains($0.digits ?? 1) }
      )
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .steps, in: container,
        debugDescription: "a step has digits and a share of the rows")
    }
  }
}
