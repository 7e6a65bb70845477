// SPDX-License-Identifier: Apache-2.0

import WorkSharing
import SeededRandom

/// Measures ``MemorizationEstimate``.
struct MemorizationEstimator: Sendable {
  private let train: FeatureTable
  private let holdout: FeatureTable
  private let coordinates: RowCoordinates
  private let threads: Int

  init(train: FeatureTable, holdout: FeatureTable, threads: Int) {
    self.train = train.selecting(features: RowCoordinates.isUsed)
    self.holdout = holdout.selecting(features: RowCoordinates.isUsed)
    self.threads = threads
    coordinates = RowCoordinates(reference: train, threads: threads)
  }

  /// Uses `rows` synthetic rows for distances and all of them for duplicates.
  ///
  /// O(rows x train rows x columns).
  func callAsFunction(_ synthetic: FeatureTable, rows: Int, seed: UInt64) -> MemorizationEstimate {
    let isCategory = coordinates.isCategory
    let shuffled = { (table: FeatureTable, purpose: UInt64, count: Int) in
      var generator = SplitMix64(seed: seed, purpose: purpose)
      let order = generator.permutation(table.rowCount).prefix(count)
      return coordinates(table.selecting(Array(order)))
    }
    let equal = min(train.rowCount, holdout.rowCount)
    let trainPoints = shuffled(train, EvaluationPurpose.memorizationTrain, train.rowCount)
    let slice = { (points: [[Float]], rows: Range<Int>) in
      PointCloud(points: points.map { Array($0[rows]) }, isCategory: isCategory)
    }
    let sampled = slice(trainPoints, 0..<equal)
    let others = slice(trainPoints, equal..<train.rowCount)
    let held = PointCloud(
      points: shuffled(holdout, EvaluationPurpose.memorizationHoldout, equal),
      isCategory: isCategory)
    let queries = shuffled(synthetic, EvaluationPurpose.memorizationSynthetic, rows)
    let references = shuffled(holdout, EvaluationPurpose.memorizationReference, rows)

    let toSample = sampled.nearest(to: queries, threads: threads)
    let toOthers = others.nearest(to: queries, threads: threads)
    let toHoldout = held.nearest(to: queries, threads: threads)
    let toTrain = zip(toSample, toOthers).map { a, b in
      b.distance < a.distance
        ? PointCloud.Neighbor(distance: b.distance, index: b.index + equal) : a
    }
    let ties = toTrain.indices.filter { toTrain[$0].distance == toHoldout[$0].distance }
    let real = sampled.nearest(to: references, threads: threads).map(\.distance).sorted()
    return verdict(
      Nearest(
        sample: toSample.map(\.distance), train: toTrain, holdout: toHoldout, ties: ties,
        trainShares: trainShares(
          of: ties, at: toHoldout.map(\.distance), queries: queries, train: [sampled, others],
          holdout: held),
        close: Quantiles.linear(real, at: 0.01) ?? 0),
      duplicates: duplicates(synthetic), syntheticRows: synthetic.rowCount)
  }

  /// Counts of where the sampled synthetic rows have their nearest neighbors.
  private struct Nearest {
    /// In a train sample as large as the holdout, in all of train, in the holdout.
    var sample: [Float]
    var train: [PointCloud.Neighbor]
    var holdout: [PointCloud.Neighbor]
    /// The number of rows that are equally near to train and holdout.
    var ties: [Int]
    /// For each of these rows, the share of train rows among its nearest neighbors.
    var trainShares: [Double]
    /// The distance that 1 % of real rows are nearer than.
    var close: Float
  }

  /// Real rows at the same distance count equally, since it is chance which of them is the nearest.
  private func trainShares(
    of ties: [Int], at distances: [Float], queries: [[Float]], train: [PointCloud],
    holdout: PointCloud
  ) -> [Double] {
    let chosen = queries.map { column in ties.map { column[$0] } }
    let distances = ties.map { distances[$0] }
    let counts = (train + [holdout]).map {
      $0.counts(at: distances, from: chosen, threads: threads)
    }
    return ties.indices.map { row in
      let ofTrain = Double(counts[0][row] + counts[1][row])
      return ofTrain / max(ofTrain + Double(counts[2][row]), 1)
    }
  }

  private struct Duplicates {
    var train = 0
    var holdout = 0
    var within = 0
    /// Train rows that repeat another train row.
    var ofTrainItself = 0
  }

  private func duplicates(_ synthetic: FeatureTable) -> Duplicates {
    let counts = parallelMap(3, threads: threads) { index -> (Int, Int) in
      switch index {
      case 0:
        let rows = RowSet(train)
        return (rows.matches(synthetic), rows.repeatedRows)
      case 1: return (RowSet(holdout).matches(synthetic), 0)
      default: return (RowSet(synthetic).repetitions, 0)
      }
    }
    return Duplicates(
      train: counts[0].0, holdout: counts[1].0, within: counts[2].0, ofTrainItself: counts[0].1)
  }

  /// Fewer exact copies than this never raise the alarm.
  private static let minDuplicates = 5
  /// If more rows than this are equally near to both tables, the share cannot be estimated.
  private static let maxUndecided = 0.5

  private func verdict(
    _ nearest: Nearest, duplicates: Duplicates, syntheticRows: Int
  ) -> MemorizationEstimate {
    let count = Double(nearest.train.count)
    let (trainRows, holdoutRows) = (Double(train.rowCount), Double(holdout.rowCount))
    let dcrShare =
      zip(nearest.sample, nearest.holdout).reduce(0.0) {
        $0 + ($1.0 < $1.1.distance ? 1 : $1.0 == $1.1.distance ? 0.5 : 0)
      } / count
    let nearerToTrain = zip(nearest.train, nearest.holdout).count { $0.distance < $1.distance }
    let toTrain = (Double(nearerToTrain) + nearest.trainShares.reduce(0, +)) / count
    // Without copying, a row is nearest to either table in proportion to their sizes.
    let base = trainRows / (trainRows + min(trainRows, holdoutRows))
    let rescaled = { (dcrShare: Double) in min(max((dcrShare - base) / (1 - base), 0), 1) }
    let nearShare = { (distances: [Float]) in
      Double(distances.count { $0 <= nearest.close }) / count
    }
    let nearTrain = nearShare(nearest.sample)
    let nearHoldout = nearShare(nearest.holdout.map(\.distance))
    var owned: [Int: Double] = [:]
    for (a, b) in zip(nearest.train, nearest.holdout) {
      owned[a.distance < b.distance ? a.index : -1 - b.index, default: 0] += 1
    }
    // Integers, so that their sum does not depend on the order of the dictionary.
    let effective = count * count / owned.values.reduce(0) { $0 + $1 * $1 }
    let undecided = Double(nearest.ties.count) / count
    let interval = Intervals.share(toTrain, of: effective)
    let isDecidable = undecided <= Self.maxUndecided

    // Without copying, each bound is beyond the end of the 95 % interval.
    var reasons: [String] = []
    if dcrShare > 0.5 + max(0.03, 2 / effective.squareRoot()) {
      reasons.append("nearer to train than to holdout")
    }
    if isDecidable,
      rescaled(toTrain) > max(0.1, 4 * (base / (1 - base) / effective).squareRoot())
    {
      reasons.append("nearer to all train than to holdout")
    }
    if nearTrain - nearHoldout > max(0.005, 4 * ((nearTrain + nearHoldout) / count).squareRoot()) {
      reasons.append("too many rows almost on a train row")
    }
    let repeatShare = Double(duplicates.ofTrainItself) / trainRows
    if isSignificant(duplicates, repeatShare: repeatShare, of: Double(syntheticRows)) {
      reasons.append("exact duplicates of train")
    }
    return MemorizationEstimate(
      detected: !reasons.isEmpty, reasons: reasons, dcrShare: dcrShare,
      dcrShareInterval: Intervals.share(dcrShare, of: effective),
      memorizationEstimate: isDecidable ? rescaled(toTrain) : nil,
      memorizationInterval: isDecidable
        ? rescaled(interval.lowerBound)...rescaled(interval.upperBound) : nil,
      undecided: 100 * undecided, nearTrain: 100 * nearTrain, nearHoldout: 100 * nearHoldout,
      effectiveRows: effective, duplicatesOfTrain: duplicates.train,
      duplicatesOfHoldout: duplicates.holdout, duplicatesWithin: duplicates.within,
      duplicatesExpected: repeatShare * Double(syntheticRows))
  }

  /// Whether significantly more rows are found in the train table than in the holdout table, and
  /// more than train rows repeat each other.
  private func isSignificant(_ duplicates: Duplicates, repeatShare: Double, of rows: Double) -> Bool
  {
    let (trainRows, holdoutRows) = (Double(train.rowCount), Double(holdout.rowCount))
    let allowance = 3 * Double(duplicates.holdout) * trainRows / holdoutRows
    let found = Double(duplicates.train)
    return duplicates.train >= Self.minDuplicates && found > 0.001 * rows + allowance
      && Intervals.share(found / rows, of: rows).lowerBound
        > Intervals.share(repeatShare, of: trainRows).upperBound
  }
}
