import SeededRandom

/// Levels of similar profiles: weighted k-means (Lloyd, 1982), begun from levels that are drawn by
/// their weighted squared distance (k-means++; Arthur and Vassilvitskii, 2007).
///
/// As every column's features have a variance of 1 in all, the clusters keep as much as they can of
/// what the levels explain of the other columns. The draws always are the same ones.
struct LevelClusters {
  /// The number of clusters; some may be empty.
  let count: Int
  /// For each level its cluster.
  private(set) var assignment: [Int]

  private static let mostRounds = 30
  /// Centers are fitted to at most this many levels, the first ones; all are assigned.
  private static let mostFitted = 4096

  /// The centers of the clusters, one feature of all of them after the other.
  private var centres: [Float]
  private let featureCount: Int

  /// - Parameters:
  ///   - weights: of each level, positive.
  ///   - most: the greatest number of clusters; levels that do not differ make fewer.
  init(_ profiles: LevelProfiles, weights: [Float], most: Int) {
    let width = profiles.featureCount
    featureCount = width
    let fitted = min(profiles.count, Self.mostFitted)
    let seeds = Self.seeds(profiles, weights: weights, among: fitted, most: most)
    count = seeds.count
    centres = [Float](repeating: 0, count: width * seeds.count)
    for (cluster, level) in seeds.enumerated() {
      for feature in 0..<width {
        centres[feature * seeds.count + cluster] = profiles.features[level * width + feature]
      }
    }
    assignment = [Int](repeating: 0, count: profiles.count)
    for _ in 0..<Self.mostRounds {
      guard assign(profiles, levels: 0..<fitted) else { break }
      moveCentres(profiles, weights: weights, levels: 0..<fitted)
    }
    _ = assign(profiles, levels: 0..<profiles.count)
  }

  /// Levels to begin from, each at some distance from those before it.
  private static func seeds(
    _ profiles: LevelProfiles, weights: [Float], among fitted: Int, most: Int
  ) -> [Int] {
    let width = profiles.featureCount
    var random = RowRandom(seed: 0, row: 0)
    var seeds = [0]
    var distances = [Float](repeating: .infinity, count: fitted)
    while seeds.count < most {
      let last = seeds[seeds.count - 1] * width
      var total = 0.0
      for level in 0..<fitted {
        var distance: Float = 0
        for feature in 0..<width {
          let difference =
            profiles.features[level * width + feature] - profiles.features[last + feature]
          distance += difference * difference
        }
        distances[level] = min(distances[level], distance)
        total += Double(weights[level] * distances[level])
      }
      guard total > 0 else { break }
      var place = random.uniform() * total
      var chosen = distances.firstIndex { $0 > 0 }!
      for level in 0..<fitted where distances[level] > 0 {
        chosen = level
        place -= Double(weights[level] * distances[level])
        if place < 0 { break }
      }
      seeds.append(chosen)
    }
    return seeds
  }

  /// Assigns levels to the nearest center, the first one of equals.
  ///
  /// - Returns: whether an assignment changed.
  private mutating func assign(_ profiles: LevelProfiles, levels: Range<Int>) -> Bool {
    let (width, count) = (featureCount, count)
    // |x - c|^2 without |x|^2, which is the same for all centers.
    var squares = [Float](repeating: 0, count: count)
    for feature in 0..<width {
      for cluster in 0..<count {
        let value = centres[feature * count + cluster]
        squares[cluster] += value * value
      }
    }
    var distances = squares
    var changed = false
    centres.withUnsafeBufferPointer { centres in
      profiles.features.withUnsafeBufferPointer { features in
        distances.withUnsafeMutableBufferPointer { distances in
          for level in levels {
            for cluster in 0..<count { distances[cluster] = squares[cluster] }
            for feature in 0..<width {
              let twice = 2 * features[level * width + feature]
              if twice == 0 { continue }
              for cluster in 0..<count {
                distances[cluster] -= twice * centres[feature * count + cluster]
              }
            }
            var nearest = 0
            for cluster in 1..<max(count, 1) where distances[cluster] < distances[nearest] {
              nearest = cluster
            }
            if assignment[level] != nearest {
              assignment[level] = nearest
              changed = true
            }
          }
        }
      }
    }
    return changed
  }

  /// Moves each center to the mean of its levels; one without levels stays.
  private mutating func moveCentres(
    _ profiles: LevelProfiles, weights: [Float], levels: Range<Int>
  ) {
    var sums = [Double](repeating: 0, count: centres.count)
    var totals = [Double](repeating: 0, count: count)
    for level in levels {
      let weight = Double(weights[level])
      let cluster = assignment[level]
      totals[cluster] += weight
      for feature in 0..<featureCount {
        sums[feature * count + cluster] +=
          weight * Double(profiles.features[level * featureCount + feature])
      }
    }
    for feature in 0..<featureCount {
      for cluster in 0..<count where totals[cluster] > 0 {
        centres[feature * count + cluster] =
          Float(sums[feature * count + cluster] / totals[cluster])
      }
    }
  }
}
