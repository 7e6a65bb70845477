// SPDX-License-Identifier: Apache-2.0

/// How many rows were drawn from a model, and how many of them met the conditions.
public struct DrawTally: Sendable, Equatable {
  /// Rows that were drawn.
  public var draws: Int
  /// Rows among them that met the conditions.
  public var accepted: Int

  /// A tally of draws; by default of none.
  public init(draws: Int = 0, accepted: Int = 0) {
    self.draws = draws
    self.accepted = accepted
  }

  /// The share of the draws that met the conditions, 0...1.
  public var rate: Double { draws > 0 ? Double(accepted) / Double(draws) : 0 }

  /// The 95 % confidence interval of the probability that a row meets the conditions: Wilson's
  /// ("Probable Inference", 1927), and 0...3/n where none of n draws did (Hanley and Lippman-Hand,
  /// "If Nothing Goes Wrong, Is Everything All Right?", 1983).
  public var interval: ClosedRange<Double> {
    guard draws > 0 else { return 0...1 }
    let n = Double(draws)
    if accepted == 0 { return 0...min(3 / n, 1) }
    let z = 1.959964
    let center = rate + z * z / (2 * n)
    let halfWidth = z * (rate * (1 - rate) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return max((center - halfWidth) / scale, 0)...min((center + halfWidth) / scale, 1)
  }
}
