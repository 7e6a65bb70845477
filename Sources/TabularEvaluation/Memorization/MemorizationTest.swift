// SPDX-License-Identifier: Apache-2.0

import Tabular
import WorkSharing
import SeededRandom

/// Whether a generator has begun to copy the rows that it learns from, told by a few monitoring
/// rows of the same source that it never saw.
///
/// Every generated row has a nearest neighbor among training and monitoring rows together. Which of
/// these were set aside was chance, and without copying, a generated row does not depend on it:
/// then any other choice of as many monitoring rows would have been nearest to about as many
/// generated rows. Copies are nearest to training rows, so that too few are left for the monitoring
/// rows. How few are too few is read off random choices of monitoring rows (a permutation test;
/// Fisher 1935), which needs no assumption about the table or the generator, nor that both kinds
/// are equally many.
///
/// ``MemorizationEstimate`` is for holdout tables of a size like the training table's; it compares
/// equally many rows of both, which a guard of a twentieth leaves too few of.
public struct MemorizationTest: Sendable, Codable, Equatable {
  /// Where generated rows have their nearest neighbors.
  public struct Tally: Sendable, Codable, Equatable {
    /// Generated rows that are counted.
    public var rows: Int
    /// Those of them whose nearest neighbor is a monitoring row.
    public var nearestToMonitoring: Int
    /// How many that would be on average if nothing were copied.
    public var expected: Double
    /// The probability that chance alone leaves the monitoring rows so few; small means copying.
    public var pValue: Double

    /// Estimated share of copies: 0 = none, 1 = every row; below 0 by chance.
    public var memorizedShare: Double {
      expected > 0 ? 1 - Double(nearestToMonitoring) / expected : 0
    }
  }

  /// Training rows that were searched.
  public var trainRows: Int
  /// Held-out rows that were searched.
  public var monitoringRows: Int
  /// All generated rows.
  public var all: Tally
  /// Those nearer to their neighbor than half the distance from it to another real row: among them
  /// a few copies stand out.
  public var close: Tally

  /// Chance alone raises ``detected`` in at most one of this many runs.
  public static let runsPerFalsePositive = 1000

  /// Whether fewer monitoring rows are nearest neighbors than chance explains.
  public var detected: Bool {
    // Two looks share what chance is allowed.
    min(all.pValue, close.pValue) <= 1 / Double(2 * Self.runsPerFalsePositive)
  }

  /// Estimated share of the generated rows that are copies, 0...1; only of interest if the alarm
  /// is raised.
  public var memorizedShare: Double {
    let byClose = close.memorizedShare * Double(close.rows) / Double(max(all.rows, 1))
    let significant = all.pValue <= close.pValue ? all.memorizedShare : byClose
    return min(max(significant, 0), 1)
  }

  /// Looks where generated rows lie.
  ///
  /// The same tables and seed give the same figures on any number of threads.
  /// O((generated + 1 / 2) x real rows x columns).
  ///
  /// - Parameters:
  ///   - generated: some thousand rows of the generator.
  ///   - real: training and monitoring rows, in any order.
  ///   - isMonitoring: for each row of `real` whether training never saw it.
  /// - Throws: ``EvaluationError`` where a table is empty or lacks a column, or none can be
  ///   evaluated.
  public static func measure(
    generated: Table, real: Table, isMonitoring: [Bool], seed: UInt64, threads: Int = 1
  ) throws(EvaluationError) -> MemorizationTest {
    if generated.rowCount == 0 { throw .emptyTable("synthetic") }
    guard isMonitoring.count == real.rowCount, isMonitoring.contains(true),
      isMonitoring.contains(false)
    else {
      throw .invalidOption("isMonitoring needs one value per row, both kinds among them")
    }
    // Whatever is learned here is learned from both kinds alike.
    let encoder = FeatureEncoder(train: real, threads: threads)
    if encoder.features.isEmpty { throw .nothingToCompare(excludedNames: encoder.excludedNames) }
    // Of equally near rows the first counts: their order must not reveal the kinds.
    var generator = SplitMix64(seed: seed, purpose: EvaluationPurpose.monitoringOrder)
    let order = generator.permutation(real.rowCount)
    let features = try encoder(real, part: "train", threads: threads).selecting(order)
    let neighborhood = Neighborhood(features, threads: threads)
    let queries = try encoder(generated, part: "synthetic", threads: threads)
    let (owners, isClose) = neighborhood.owners(of: queries, threads: threads)

    var weights = [SIMD2<Int32>](repeating: .zero, count: order.count)
    for (owner, close) in zip(owners, isClose) { weights[owner] &+= SIMD2(1, close ? 1 : 0) }
    let monitoring = order.indices.filter { isMonitoring[order[$0]] }
    let found = monitoring.reduce(into: SIMD2<Int32>.zero) { $0 &+= weights[$1] }
    let pValue = RandomSplits(weights: weights, count: monitoring.count, seed: seed)
      .probability(atMost: found, threads: threads)
    let share = Double(monitoring.count) / Double(order.count)
    let tally = { (rows: Int, lane: Int) in
      Tally(
        rows: rows, nearestToMonitoring: Int(found[lane]), expected: Double(rows) * share,
        pValue: pValue[lane])
    }
    return MemorizationTest(
      trainRows: order.count - monitoring.count, monitoringRows: monitoring.count,
      all: tally(owners.count, 0),
      close: tally(isClose.count { $0 }, 1))
  }
}

/// Real rows as neighbors of others, in two halves, so that each real row has a neighbor that is
/// not itself.
private struct Neighborhood {
  private let coordinates: RowCoordinates
  private let points: [[Float]]
  private let half: Int
  private let halves: [PointCloud]

  init(_ real: FeatureTable, threads: Int) {
    let coordinates = RowCoordinates(reference: real, threads: threads)
    let points = coordinates(real)
    let half = (real.rowCount + 1) / 2
    self.coordinates = coordinates
    self.points = points
    self.half = half
    halves = [0..<half, half..<real.rowCount].map { rows in
      PointCloud(points: points.map { Array($0[rows]) }, isCategory: coordinates.isCategory)
    }
  }

  /// The nearest real row to each of `queries`, and whether the query is nearer to it than half its
  /// own distance to the other half of the real rows.
  func owners(of queries: FeatureTable, threads: Int) -> (rows: [Int], isClose: [Bool]) {
    let queryPoints = coordinates(queries)
    let found = halves.map { $0.nearest(to: queryPoints, threads: threads) }
    let nearest = zip(found[0], found[1]).map { a, b in
      b.distance < a.distance
        ? PointCloud.Neighbor(distance: b.distance, index: b.index + half) : a
    }
    var spacing = [Float](repeating: 0, count: points.first?.count ?? 0)
    let owners = Set(nearest.map(\.index)).sorted()
    for (side, rows) in [owners.filter { $0 < half }, owners.filter { $0 >= half }].enumerated() {
      let others = halves[1 - side].nearest(
        to: points.map { column in rows.map { column[$0] } }, threads: threads)
      for (row, other) in zip(rows, others) { spacing[row] = other.distance }
    }
    return (nearest.map(\.index), nearest.map { $0.distance < spacing[$0.index] / 2 })
  }
}

/// Other choices of monitoring rows than the one that was made.
private struct RandomSplits {
  /// By real row: the generated rows to which it is nearest, all and close ones.
  let weights: [SIMD2<Int32>]
  /// Monitoring rows.
  let count: Int
  let seed: UInt64
  /// Choices that are tried, in parts that threads share.
  private static let (parts, choices) = (20, 1000)

  /// The share of random choices that are nearest to at most `found` generated rows; the choice
  /// that was made counts as one of them.
  ///
  /// O(choices x monitoring rows).
  func probability(atMost found: SIMD2<Int32>, threads: Int) -> SIMD2<Double> {
    let counts = parallelMap(Self.parts, threads: threads) { part -> SIMD2<Int32> in
      var generator = SplitMix64(
        seed: seed, purpose: EvaluationPurpose.monitoringLabels + UInt64(part))
      var shuffled = weights
      var reached = SIMD2<Int32>.zero
      for _ in 0..<Self.choices {
        var sum = SIMD2<Int32>.zero
        // The first `count` of a shuffle, which may begin with any order.
        for i in 0..<count {
          shuffled.swapAt(i, i + generator.below(shuffled.count - i))
          sum &+= shuffled[i]
        }
        reached.replace(with: reached &+ 1, where: sum .<= found)
      }
      return reached
    }
    let reached = counts.reduce(SIMD2<Int32>.zero) { $0 &+ $1 }
    return (SIMD2<Double>(reached) + 1) / Double(Self.parts * Self.choices + 1)
  }
}
