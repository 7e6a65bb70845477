import WorkSharing

/// Whether synthetic rows are copies of train rows: a generator that has learned the distribution is
/// as near to rows that it never saw as to those it learned from.
///
/// Distances add, over the table's own columns and the seconds between datetimes, the difference of
/// two numbers' ranks in the train table (so that neither 0-coordinates nor 24-hour trips flatten
/// the rest) and 0 or 1 for two levels.
public struct CopyingAlarm: Sendable, Codable, Equatable {
  /// Whether there is a reason to suspect copying.
  public var alarm: Bool
  /// Why; empty where the alarm is silent.
  public var reasons: [String]
  /// Synthetic rows nearer to a train sample than to as many holdout rows, ties half: 0.5 = none.
  public var share: Double
  /// The same against all train rows, rescaled: 0 = none, 1 = every row a copy.
  ///
  /// Sharper than `share`, and so noisier: it may be below 0.
  public var copiedEstimate: Double
  /// Synthetic rows, in percent, nearer to a train row than all but 1 % of real rows are.
  public var nearTrain: Double
  /// The same to a holdout row.
  ///
  /// Dense regions raise both, copying only `nearTrain`.
  public var nearHoldout: Double
  /// The number of different rows to which the synthetic ones are nearest, as if all counted alike;
  /// rows far from the data share a few neighbours, and say less.
  public var effectiveRows: Double
  /// Synthetic rows found exactly (numbers to six decimals) in the train table.
  public var duplicatesOfTrain: Int
  /// Synthetic rows found exactly in the holdout table.
  public var duplicatesOfHoldout: Int
  /// Synthetic rows that repeat another synthetic row.
  public var duplicatesWithin: Int

  enum CodingKeys: String, CodingKey {
    case alarm, reasons, share
    case copiedEstimate = "copied_estimate"
    case nearTrain = "near_train_pct"
    case nearHoldout = "near_holdout_pct"
    case effectiveRows = "effective_rows"
    case duplicatesOfTrain = "duplicates_of_train"
    case duplicatesOfHoldout = "duplicates_of_holdout"
    case duplicatesWithin = "duplicates_within"
  }
}

/// Measures ``CopyingAlarm``.
struct CopyingTest: Sendable {
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

  /// `rows` synthetic rows are looked at for distances, all for duplicates.
  ///
  /// O(rows x train rows x columns).
  func callAsFunction(_ synthetic: FeatureTable, rows: Int, seed: UInt64) -> CopyingAlarm {
    let isCategory = coordinates.isCategory
    let shuffled = { (table: FeatureTable, purpose: UInt64, count: Int) in
      var generator = SplitMix64(seed: seed, purpose: purpose)
      let order = generator.permutation(table.rowCount).prefix(count)
      return coordinates(table.selecting(Array(order)))
    }
    let equal = min(train.rowCount, holdout.rowCount)
    let trainPoints = shuffled(train, RandomPurpose.copyingTrain, train.rowCount)
    let slice = { (points: [[Float]], rows: Range<Int>) in
      PointCloud(points: points.map { Array($0[rows]) }, isCategory: isCategory)
    }
    let sampled = slice(trainPoints, 0..<equal)
    let others = slice(trainPoints, equal..<train.rowCount)
    let held = PointCloud(
      points: shuffled(holdout, RandomPurpose.copyingHoldout, equal), isCategory: isCategory)
    let queries = shuffled(synthetic, RandomPurpose.copyingSynthetic, rows)
    let references = shuffled(holdout, RandomPurpose.copyingReference, rows)

    let toSample = sampled.nearest(to: queries, threads: threads)
    let toOthers = others.nearest(to: queries, threads: threads)
    let toHoldout = held.nearest(to: queries, threads: threads)
    let toTrain = zip(toSample, toOthers).map { a, b in
      b.distance < a.distance
        ? PointCloud.Neighbour(distance: b.distance, index: b.index + equal) : a
    }
    let real = sampled.nearest(to: references, threads: threads).map(\.distance).sorted()
    let near = Quantiles.linear(real, at: 0.01) ?? 0
    let duplicates = duplicates(synthetic)
    return verdict(
      toSample: toSample.map(\.distance), toTrain: toTrain, toHoldout: toHoldout,
      near: near, duplicates: duplicates, syntheticRows: synthetic.rowCount)
  }

  private func duplicates(_ synthetic: FeatureTable) -> (train: Int, holdout: Int, within: Int) {
    let counts = parallelMap(3, threads: threads) { index in
      switch index {
      case 0: RowSet(train).matches(synthetic)
      case 1: RowSet(holdout).matches(synthetic)
      default: RowSet(synthetic).repetitions
      }
    }
    return (counts[0], counts[1], counts[2])
  }

  private func verdict(
    toSample: [Float], toTrain: [PointCloud.Neighbour], toHoldout: [PointCloud.Neighbour],
    near: Float, duplicates: (train: Int, holdout: Int, within: Int), syntheticRows: Int
  ) -> CopyingAlarm {
    let count = Double(toTrain.count)
    let (trainRows, holdoutRows) = (Double(train.rowCount), Double(holdout.rowCount))
    let closer = { (a: [Float]) in
      zip(a, toHoldout).reduce(0.0) {
        $0 + ($1.0 < $1.1.distance ? 1 : $1.0 == $1.1.distance ? 0.5 : 0)
      } / count
    }
    let share = closer(toSample)
    // A fair row is nearest to the larger table more often, in the proportion of their sizes.
    let base = trainRows / (trainRows + min(trainRows, holdoutRows))
    let estimate = (closer(toTrain.map(\.distance)) - base) / (1 - base)
    let nearShare = { (distances: [Float]) in
      Double(distances.filter { $0 <= near }.count) / count
    }
    let (nearTrain, nearHoldout) = (nearShare(toSample), nearShare(toHoldout.map(\.distance)))
    var owned: [Int: Double] = [:]
    for (a, b) in zip(toTrain, toHoldout) {
      owned[a.distance < b.distance ? a.index : -1 - b.index, default: 0] += 1
    }
    // Integers, so that their sum does not depend on the order of the dictionary.
    let effective = count * count / owned.values.reduce(0) { $0 + $1 * $1 }

    var reasons: [String] = []
    if share > 0.5 + max(0.03, 2 / effective.squareRoot()) {
      reasons.append("nearer to train than to holdout")
    }
    if estimate > max(0.1, 4 * (base / (1 - base) / effective).squareRoot()) {
      reasons.append("nearer to all train than to holdout")
    }
    if nearTrain - nearHoldout > max(0.005, 4 * ((nearTrain + nearHoldout) / count).squareRoot()) {
      reasons.append("too many rows almost on a train row")
    }
    let chance = 3 * Double(duplicates.holdout) * trainRows / holdoutRows
    if Double(duplicates.train) > 0.001 * Double(syntheticRows) + chance {
      reasons.append("exact duplicates of train")
    }
    return CopyingAlarm(
      alarm: !reasons.isEmpty, reasons: reasons, share: share, copiedEstimate: estimate,
      nearTrain: 100 * nearTrain, nearHoldout: 100 * nearHoldout, effectiveRows: effective,
      duplicatesOfTrain: duplicates.train, duplicatesOfHoldout: duplicates.holdout,
      duplicatesWithin: duplicates.within)
  }
}
