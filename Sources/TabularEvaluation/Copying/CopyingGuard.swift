import Tabular
import WorkSharing
import SeededRandom

/// Whether a generator has begun to copy the rows that it learns from, told by a few guard rows of
/// the same source that it never saw.
///
/// Every generated row has a nearest neighbor among training and guard rows together. Which of these
/// were set aside was chance, and without copying, a generated row does not depend on it:
/// then any other choice of as many guard rows would have been nearest to about as many generated
/// rows. Copies are nearest to training rows, so that too few are left for the guard rows. How few
/// are too few is read off random choices of guard rows (a permutation test; Fisher 1935), which
/// needs no assumption about the table or the generator, nor that both kinds are equally many.
///
/// ``CopyingAlarm`` is for holdout tables of a size like the training table's; it compares equally
/// many rows of both, which a guard of a twentieth leaves too few of.
public struct CopyingGuard: Sendable, Codable, Equatable {
  /// Where generated rows have their nearest neighbors.
  public struct Tally: Sendable, Codable, Equatable {
    /// Generated rows that are counted.
    public var rows: Int
    /// Those of them whose nearest neighbor is a guard row.
    public var nearestToGuard: Int
    /// How many that would be on average if nothing were copied.
    public var expected: Double
    /// The probability that chance alone leaves the guard rows so few; small means copying.
    public var chance: Double

    /// Estimated share of copies: 0 = none, 1 = every row; below 0 by chance.
    public var copied: Double { expected > 0 ? 1 - Double(nearestToGuard) / expected : 0 }
  }

  /// Training rows that were searched.
  public var trainRows: Int
  public var guardRows: Int
  /// All generated rows.
  public var all: Tally
  /// Those nearer to their neighbor than half the distance from it to another real row: among them
  /// a few copies stand out.
  public var close: Tally

  /// Chance alone raises ``alarm`` in at most one of this many runs.
  public static let runsToFalseAlarm = 1000

  /// Whether fewer guard rows are nearest neighbors than chance explains.
  public var alarm: Bool {
    // Two looks share what chance is allowed.
    min(all.chance, close.chance) <= 1 / Double(2 * Self.runsToFalseAlarm)
  }

  /// Estimated share of the generated rows that are copies, 0...1; only of interest if the alarm
  /// is raised.
  public var copied: Double {
    let byClose = close.copied * Double(close.rows) / Double(max(all.rows, 1))
    let significant = all.chance <= close.chance ? all.copied : byClose
    return min(max(significant, 0), 1)
  }

  /// Looks where generated rows lie.
  ///
  /// The same tables and seed give the same figures on any number of threads.
  /// O((generated + 1 / 2) x real rows x columns).
  ///
  /// - Parameters:
  ///   - generated: some thousand rows of the generator.
  ///   - real: training and guard rows, in any order.
  ///   - isGuard: for each row of `real` whether training never saw it.
  /// - Throws: ``EvaluationError`` where a table is empty or lacks a column, or none can be judged.
  public static func measure(
    generated: Table, real: Table, isGuard: [Bool], seed: UInt64, threads: Int = 1
  ) throws(EvaluationError) -> CopyingGuard {
    if generated.rowCount == 0 { throw .emptyTable("synthetic") }
    guard isGuard.count == real.rowCount, isGuard.contains(true), isGuard.contains(false) else {
      throw .invalidOption("isGuard must tell guard rows from training rows, one value a row")
    }
    // Whatever is learned here is learned from both kinds alike.
    let encoder = FeatureEncoder(train: real, threads: threads)
    if encoder.features.isEmpty { throw .nothingToJudge(leftOut: encoder.leftOut) }
    // Of equally near rows the first counts: their order must not reveal the kinds.
    var generator = SplitMix64(seed: seed, purpose: RandomPurpose.guardOrder)
    let order = generator.permutation(real.rowCount)
    let features = try encoder(real, part: "train", threads: threads).selecting(order)
    let neighbourhood = Neighbourhood(features, threads: threads)
    let queries = try encoder(generated, part: "synthetic", threads: threads)
    let (owners, isClose) = neighbourhood.owners(of: queries, threads: threads)

    var weights = [SIMD2<Int32>](repeating: .zero, count: order.count)
    for (owner, close) in zip(owners, isClose) { weights[owner] &+= SIMD2(1, close ? 1 : 0) }
    let guards = order.indices.filter { isGuard[order[$0]] }
    let found = guards.reduce(into: SIMD2<Int32>.zero) { $0 &+= weights[$1] }
    let chance = RandomGuards(weights: weights, count: guards.count, seed: seed)
      .probability(atMost: found, threads: threads)
    let share = Double(guards.count) / Double(order.count)
    let tally = { (rows: Int, lane: Int) in
      Tally(
        rows: rows, nearestToGuard: Int(found[lane]), expected: Double(rows) * share,
        chance: chance[lane])
    }
    return CopyingGuard(
      trainRows: order.count - guards.count, guardRows: guards.count, all: tally(owners.count, 0),
      close: tally(isClose.count { $0 }, 1))
  }
}

/// Real rows as neighbors of others, in two halves, so that each real row has a neighbor that is
/// not itself.
private struct Neighbourhood {
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
    let places = coordinates(queries)
    let found = halves.map { $0.nearest(to: places, threads: threads) }
    let nearest = zip(found[0], found[1]).map { a, b in
      b.distance < a.distance
        ? PointCloud.Neighbour(distance: b.distance, index: b.index + half) : a
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

/// Other choices of guard rows than the one that was made.
private struct RandomGuards {
  /// By real row: the generated rows to which it is nearest, all and close ones.
  let weights: [SIMD2<Int32>]
  /// Guard rows.
  let count: Int
  let seed: UInt64
  /// Choices that are tried, in parts that threads share.
  private static let (parts, choices) = (20, 1000)

  /// The share of random choices that are nearest to at most `found` generated rows; the choice that
  /// was made counts as one of them.
  ///
  /// O(choices x guard rows).
  func probability(atMost found: SIMD2<Int32>, threads: Int) -> SIMD2<Double> {
    let counts = parallelMap(Self.parts, threads: threads) { part -> SIMD2<Int32> in
      var generator = SplitMix64(seed: seed, purpose: RandomPurpose.guardLabels + UInt64(part))
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
