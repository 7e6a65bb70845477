// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Categories of similar profiles: weighted k-means (Lloyd, 1982), begun from categories that are
/// drawn by their weighted squared distance (k-means++; Arthur and Vassilvitskii, 2007).
///
/// As every column's features have a variance of 1 in all, the clusters keep as much as they can of
/// what the categories explain of the other columns. The draws always are the same ones.
struct CategoryClusters {
  /// The number of clusters; some may be empty.
  let count: Int
  /// For each category its cluster.
  private(set) var assignment: [Int]

  private static let maxRounds = 30
  /// Centers are fitted to at most this many categories, the first ones; all are assigned.
  private static let maxFitted = 4096

  /// The centers of the clusters, one feature of all of them after the other.
  private var centers: [Float]
  private let featureCount: Int

  /// - Parameters:
  ///   - weights: of each category, positive.
  ///   - maximum: the greatest number of clusters; categories that do not differ make fewer.
  init(_ profiles: CategoryProfiles, weights: [Float], maximum: Int) {
    let width = profiles.featureCount
    featureCount = width
    let fitted = min(profiles.count, Self.maxFitted)
    let seeds = Self.seeds(profiles, weights: weights, among: fitted, maximum: maximum)
    count = seeds.count
    centers = [Float](repeating: 0, count: width * seeds.count)
    for (cluster, category) in seeds.enumerated() {
      for feature in 0..<width {
        centers[feature * seeds.count + cluster] = profiles.features[category * width + feature]
      }
    }
    assignment = [Int](repeating: 0, count: profiles.count)
    for _ in 0..<Self.maxRounds {
      guard assign(profiles, categories: 0..<fitted) else { break }
      moveCenters(profiles, weights: weights, categories: 0..<fitted)
    }
    _ = assign(profiles, categories: 0..<profiles.count)
  }

  /// Categories to begin from, each at some distance from those before it.
  private static func seeds(
    _ profiles: CategoryProfiles, weights: [Float], among fitted: Int, maximum: Int
  ) -> [Int] {
    let width = profiles.featureCount
    var random = RowRandom(seed: 0, row: 0)
    var seeds = [0]
    var distances = [Float](repeating: .infinity, count: fitted)
    while seeds.count < maximum {
      let last = seeds[seeds.count - 1] * width
      var total = 0.0
      for category in 0..<fitted {
        var distance: Float = 0
        for feature in 0..<width {
          let difference =
            profiles.features[category * width + feature] - profiles.features[last + feature]
          distance += difference * difference
        }
        distances[category] = min(distances[category], distance)
        total += Double(weights[category] * distances[category])
      }
      guard total > 0 else { break }
      var draw = random.uniform() * total
      var chosen = distances.firstIndex { $0 > 0 }!
      for category in 0..<fitted where distances[category] > 0 {
        chosen = category
        draw -= Double(weights[category] * distances[category])
        if draw < 0 { break }
      }
      seeds.append(chosen)
    }
    return seeds
  }

  /// Assigns categories to the nearest center, the first one of equals.
  ///
  /// - Returns: whether an assignment changed.
  private mutating func assign(_ profiles: CategoryProfiles, categories: Range<Int>) -> Bool {
    let (width, count) = (featureCount, count)
    // |x - c|^2 without |x|^2, which is the same for all centers.
    var squares = [Float](repeating: 0, count: count)
    for feature in 0..<width {
      for cluster in 0..<count {
        let value = centers[feature * count + cluster]
        squares[cluster] += value * value
      }
    }
    var distances = squares
    var changed = false
    centers.withUnsafeBufferPointer { centers in
      profiles.features.withUnsafeBufferPointer { features in
        distances.withUnsafeMutableBufferPointer { distances in
          for category in categories {
            for cluster in 0..<count { distances[cluster] = squares[cluster] }
            for feature in 0..<width {
              let twice = 2 * features[category * width + feature]
              if twice == 0 { continue }
              for cluster in 0..<count {
                distances[cluster] -= twice * centers[feature * count + cluster]
              }
            }
            var nearest = 0
            for cluster in 1..<max(count, 1) where distances[cluster] < distances[nearest] {
              nearest = cluster
            }
            if assignment[category] != nearest {
              assignment[category] = nearest
              changed = true
            }
          }
        }
      }
    }
    return changed
  }

  /// Moves each center to the mean of its categories; one without categories stays.
  private mutating func moveCenters(
    _ profiles: CategoryProfiles, weights: [Float], categories: Range<Int>
  ) {
    var sums = [Double](repeating: 0, count: centers.count)
    var totals = [Double](repeating: 0, count: count)
    for category in categories {
      let weight = Double(weights[category])
      let cluster = assignment[category]
      totals[cluster] += weight
      for feature in 0..<featureCount {
        sums[feature * count + cluster] +=
          weight * Double(profiles.features[category * featureCount + feature])
      }
    }
    for feature in 0..<featureCount {
      for cluster in 0..<count where totals[cluster] > 0 {
        centers[feature * count + cluster] =
          Float(sums[feature * count + cluster] / totals[cluster])
      }
    }
  }
}
