// SPDX-License-Identifier: Apache-2.0

/// What rows of each category are like in the other columns: the means of their features, shrunk
/// towards those of all rows by as much as chance moves the mean of so few rows.
///
/// The shrinkage is that of a one-way random-effects model, fitted to each column by the moments of
/// its analysis of variance (Searle, Casella and McCulloch, "Variance Components", 1992): a column
/// that the categories do not differ in by more than chance is left out.
struct CategoryProfiles {
  /// The number of categories.
  let count: Int
  let featureCount: Int
  /// The features of the first category, then those of the second one, and so on.
  let features: [Float]

  /// Wide tables: the maximum number of features, of the most informative columns.
  private static let maxFeatures = 256

  /// - Parameters:
  ///   - categories: for each row its category, 0..<categoryCount; a category may have no row.
  ///   - traits: what columns say of the same rows.
  init(categories: [Int], categoryCount: Int, traits: [ColumnTrait]) {
    var rows = [Double](repeating: 0, count: categoryCount)
    for category in categories { rows[category] += 1 }
    let variances = traits.map { Self.variances($0, categories: categories, rows: rows) }
    var kept: [Int] = []
    var width = 0
    for index in traits.indices.sorted(by: {
      (variances[$1].explained, $0) < (variances[$0].explained, $1)
    }) where variances[index].between > 0 && width + traits[index].featureCount <= Self.maxFeatures
    {
      kept.append(index)
      width += traits[index].featureCount
    }
    var features = [Float](repeating: 0, count: categoryCount * width)
    var offset = 0
    for index in kept {
      let trait = traits[index]
      let (sums, means) = Self.sums(trait, categories: categories, categoryCount: categoryCount)
      let (between, within) = (variances[index].between, variances[index].within)
      for category in 0..<categoryCount where rows[category] > 0 {
        let share = rows[category] * between / (rows[category] * between + within)
        for feature in 0..<trait.featureCount {
          let mean = sums[category * trait.featureCount + feature] / rows[category]
          features[category * width + offset + feature] =
            Float(share * (mean - means[feature])) / trait.deviation
        }
      }
      offset += trait.featureCount
    }
    count = categoryCount
    featureCount = width
    self.features = features
  }

  /// The sums of the features over each category's rows, and their means over all rows.
  private static func sums(
    _ trait: ColumnTrait, categories: [Int], categoryCount: Int
  ) -> (sums: [Double], means: [Double]) {
    let width = trait.featureCount
    var sums = [Double](repeating: 0, count: categoryCount * width)
    trait.add(categories: categories, to: &sums)
    var means = [Double](repeating: 0, count: width)
    for (position, sum) in sums.enumerated() {
      means[position % width] += sum / Double(categories.count)
    }
    return (sums, means)
  }

  private struct Variances {
    /// Variance of the categories' true means, and of the rows of a category.
    var between: Double
    var within: Double
    /// The share of the variance that the category explains.
    var explained: Double { between > 0 ? between / (between + within) : 0 }
  }

  private static func variances(
    _ trait: ColumnTrait, categories: [Int], rows: [Double]
  ) -> Variances {
    let (sums, means) = sums(trait, categories: categories, categoryCount: rows.count)
    let width = trait.featureCount
    var betweenSquares = 0.0
    for category in rows.indices where rows[category] > 0 {
      for feature in 0..<width {
        let difference = sums[category * width + feature] / rows[category] - means[feature]
        betweenSquares += rows[category] * difference * difference
      }
    }
    let total = Double(categories.count)
    let seen = Double(rows.count { $0 > 0 })
    let totalSquares = total * Double(trait.deviation) * Double(trait.deviation)
    // With one row per category, nothing can be distinguished from chance.
    guard total > seen, seen > 1 else { return Variances(between: 0, within: 1) }
    let within = max(0, totalSquares - betweenSquares) / (total - seen)
    let effective = total - rows.reduce(0) { $0 + $1 * $1 } / total
    return Variances(
      between: max(0, (betweenSquares - (seen - 1) * within) / effective), within: within)
  }
}
