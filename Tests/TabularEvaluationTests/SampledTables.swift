// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEvaluation
import SeededRandom

/// Tables with any number of rows from one of two distributions.
enum SampledTables {
  enum Source: String, CaseIterable, Sendable {
    /// Related columns: a normal one, one that depends on it, a skewed one, and a category of the
    /// first.
    case related
    /// The same columns, shifted by one deviation and without relations.
    case different
  }

  static func table(_ source: Source, rows: Int, seed: UInt64) throws -> Table {
    var random = SplitMix64(seed: seed, purpose: 99)
    var (a, b, c): ([Double], [Double], [Double]) = ([], [], [])
    var kinds: [String?] = []
    for _ in 0..<rows {
      let (x, y, z) = (normal(&random), normal(&random), normal(&random))
      switch source {
      case .related:
        a.append(x)
        b.append(0.8 * x + 0.6 * y)
        c.append((z * z).rounded(.down))
        kinds.append(x > 0.5 ? "high" : x < -0.5 ? "low" : "middle")
      case .different:
        a.append(x + 1)
        b.append(y - 1)
        c.append((2 * z * z).rounded(.down))
        kinds.append(["high", "low", "middle"][random.below(3)])
      }
    }
    return try Table(columns: [
      Column(name: "a", values: .number(a)), Column(name: "b", values: .number(b)),
      Column(name: "c", values: .number(c)), TextCells.column("kind", kinds),
    ])
  }

  /// Approximately normal: the sum of twelve uniform numbers.
  private static func normal(_ random: inout SplitMix64) -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double(random.next() >> 11) / 9_007_199_254_740_992 }
  }
}
