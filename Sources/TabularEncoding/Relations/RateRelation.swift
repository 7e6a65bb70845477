// SPDX-License-Identifier: Apache-2.0

/// A charge that is, in many rows, one of a few percentages of other amounts, such as a tip by the
/// buttons of a terminal. Which rule a row follows is encoded in the column's place, or where it
/// follows none, the charge itself; so the cents of generated charges are those that the rules
/// give.
public struct RateRelation: Sendable, Codable, Equatable, CustomStringConvertible {
  /// A percentage, and how its result is rounded.
  public struct Rule: Sendable, Codable, Equatable {
    /// 0.2 for 20 %.
    public let rate: Double
    /// Results are multiples of this many of the target's smallest units.
    public let step: Int
    /// Down to the multiple below, instead of to the nearest.
    public let roundsDown: Bool

    /// The charge in the smallest units, of which `scale` make one.
    @inline(__always)
    func charge(on base: Double, scale: Double) -> Double {
      let steps = base * rate * scale / Double(step)
      // A result that is meant to be whole may come out a rounding error below.
      let whole = roundsDown ? (steps + 1e-6).rounded(.down) : (steps + 1e-6).rounded()
      return whole * Double(step)
    }
  }

  /// The column that is computed.
  public let target: String
  /// The amounts that are charged on, added up; a missing one counts as 0.
  public let parts: [String]
  /// In the order in which they are tried.
  public let rules: [Rule]
  /// The target is rounded to this many decimals.
  public let decimals: Int

  /// The relation as a formula, for reports.
  public var description: String {
    let rates = rules.map { "\(($0.rate * 100).rounded()) %" }.joined(separator: ", ")
    return "\(target) = \(rates) of (\(parts.joined(separator: " + "))) or residual"
  }

  /// The residual that stands for the first rule; the second's is one less, and so on. Charges
  /// below are interpreted as rules.
  private static let firstRule = -1000.0

  private var scale: Double { (0..<decimals).reduce(1) { scale, _ in scale * 10 } }

  /// The number of the rule, or else the target itself. O(rows x rules).
  package func residual(target: [Double], parts: [[Double]]) -> [Double] {
    let scale = scale
    return zip(target, Self.bases(parts)).map { value, base in
      guard base > 0, value > 0 else { return value + 0 }
      let units = (value * scale).rounded()
      let rule = rules.firstIndex { $0.charge(on: base, scale: scale) == units }
      return rule.map { Self.firstRule - Double($0) } ?? value
    }
  }

  /// The target from what `residual` gives. O(rows).
  func target(residual: [Double], parts: [[Double]]) -> [Double] {
    let scale = scale
    return zip(residual, Self.bases(parts)).map { residual, base in
      guard residual <= Self.firstRule + 0.5 else {
        return (residual * scale).rounded() / scale + 0
      }
      let rule = (Self.firstRule - residual).whole(in: 0...rules.count - 1)
      return rules[rule].charge(on: max(base, 0), scale: scale) / scale + 0
    }
  }

  /// The sums that are charged on.
  static func bases(_ parts: [[Double]]) -> [Double] {
    parts[0].indices.map { row in
      parts.reduce(0) { $1[row].isNaN ? $0 : $0 + $1[row] }
    }
  }

  /// Rules are looked for among these: whole percentages, to the nearest unit or to fives.
  private static let candidates: [[Rule]] = [(1, false), (5, true), (5, false)].map { step, down in
    (1...50).map { Rule(rate: Double($0) / 100, step: step, roundsDown: down) }
  }
  private static let maxRules = 8
  /// A rule must explain this many times as many rows as the median percentage with its rounding
  /// does: small charges are a multiple of a small unit by chance.
  private static let aboveChance = 5
  /// Of the rows with a charge: that one rule explains, and that all do.
  private static let minShare = 0.01
  private static let minTotal = 0.25

  /// The rules that charges follow, nil where they are too few. Each is the one that explains the
  /// most of what the ones before leave. O(rules x candidates x rows).
  init?(target: String, values: [Double], parts: [String], partValues: [[Double]], decimals: Int) {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    var left: [(units: Double, base: Double)] = []
    for (value, base) in zip(values, Self.bases(partValues)) where value > 0 && base > 0 {
      left.append(((value * scale).rounded(), base))
    }
    let charged = left.count
    guard charged >= 50 else { return nil }
    var rules: [Rule] = []
    while rules.count < Self.maxRules {
      var best: (rule: Rule, rows: Int)?
      for group in Self.candidates {
        let counts = group.map { rule in
          left.count { rule.charge(on: $0.base, scale: scale) == $0.units }
        }
        let chance = counts.sorted()[counts.count / 2]
        let maximum = counts.max()!
        guard maximum > Self.aboveChance * chance, maximum > best?.rows ?? 0 else { continue }
        best = (group[counts.firstIndex(of: maximum)!], maximum)
      }
      guard let (rule, rows) = best, Double(rows) >= Self.minShare * Double(charged) else {
        break
      }
      rules.append(rule)
      left.removeAll { rule.charge(on: $0.base, scale: scale) == $0.units }
    }
    guard Double(charged - left.count) >= Self.minTotal * Double(charged) else { return nil }
    self.target = target
    self.parts = parts
    self.rules = rules
    self.decimals = decimals
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool {
    !parts.isEmpty && !rules.isEmpty && (0...9).contains(decimals)
      && rules.allSatisfy {
        $0.rate > 0 && $0.rate.isFinite && (1...1_000_000_000).contains($0.step)
      }
  }
}
