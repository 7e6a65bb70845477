/// What rows of each level are like in the other columns: the means of their features, shrunk
/// towards those of all rows by as much as chance moves the mean of so few rows.
///
/// The shrinkage is that of a one-way random-effects model, fitted to each column by the moments of
/// its analysis of variance (Searle, Casella and McCulloch, "Variance Components", 1992): a column
/// that the levels do not differ in by more than chance is left out.
struct LevelProfiles {
  /// The number of levels.
  let count: Int
  let featureCount: Int
  /// The features of the first level, then those of the second one, and so on.
  let features: [Float]

  /// Wide tables: the maximum number of features, of the most informative columns.
  private static let mostFeatures = 256

  /// - Parameters:
  ///   - levels: for each row its level, 0..<levelCount; a level may have no row.
  ///   - traits: what columns say of the same rows.
  init(levels: [Int], levelCount: Int, traits: [ColumnTrait]) {
    var rows = [Double](repeating: 0, count: levelCount)
    for level in levels { rows[level] += 1 }
    let variances = traits.map { Self.variances($0, levels: levels, rows: rows) }
    var kept: [Int] = []
    var width = 0
    for index in traits.indices.sorted(by: {
      (variances[$1].explained, $0) < (variances[$0].explained, $1)
    }) where variances[index].between > 0 && width + traits[index].featureCount <= Self.mostFeatures
    {
      kept.append(index)
      width += traits[index].featureCount
    }
    var features = [Float](repeating: 0, count: levelCount * width)
    var offset = 0
    for index in kept {
      let trait = traits[index]
      let (sums, means) = Self.sums(trait, levels: levels, levelCount: levelCount)
      let (between, within) = (variances[index].between, variances[index].within)
      for level in 0..<levelCount where rows[level] > 0 {
        let share = rows[level] * between / (rows[level] * between + within)
        for feature in 0..<trait.featureCount {
          let mean = sums[level * trait.featureCount + feature] / rows[level]
          features[level * width + offset + feature] =
            Float(share * (mean - means[feature])) / trait.deviation
        }
      }
      offset += trait.featureCount
    }
    count = levelCount
    featureCount = width
    self.features = features
  }

  /// The sums of the features over each level's rows, and their means over all rows.
  private static func sums(
    _ trait: ColumnTrait, levels: [Int], levelCount: Int
  ) -> (sums: [Double], means: [Double]) {
    let width = trait.featureCount
    var sums = [Double](repeating: 0, count: levelCount * width)
    trait.add(levels: levels, to: &sums)
    var means = [Double](repeating: 0, count: width)
    for (place, sum) in sums.enumerated() { means[place % width] += sum / Double(levels.count) }
    return (sums, means)
  }

  private struct Variances {
    /// Variance of the levels' true means, and of the rows of a level.
    var between: Double
    var within: Double
    /// The share of the variance that the level explains.
    var explained: Double { between > 0 ? between / (between + within) : 0 }
  }

  private static func variances(
    _ trait: ColumnTrait, levels: [Int], rows: [Double]
  ) -> Variances {
    let (sums, means) = sums(trait, levels: levels, levelCount: rows.count)
    let width = trait.featureCount
    var betweenSquares = 0.0
    for level in rows.indices where rows[level] > 0 {
      for feature in 0..<width {
        let difference = sums[level * width + feature] / rows[level] - means[feature]
        betweenSquares += rows[level] * difference * difference
      }
    }
    let total = Double(levels.count)
    let seen = Double(rows.count { $0 > 0 })
    let totalSquares = total * Double(trait.deviation) * Double(trait.deviation)
    // With one row per level, nothing can be distinguished from chance.
    guard total > seen, seen > 1 else { return Variances(between: 0, within: 1) }
    let within = max(0, totalSquares - betweenSquares) / (total - seen)
    let effective = total - rows.reduce(0) { $0 + $1 * $1 } / total
    return Variances(
      between: max(0, (betweenSquares - (seen - 1) * within) / effective), within: within)
  }
}
