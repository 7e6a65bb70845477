// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs that were measured on different machines, so that their ratios say little of the kernels.
struct MachineMismatch: Error, CustomStringConvertible {
  let before: Machine
  let after: Machine

  /// Nil for runs of one machine.
  init?(before: Machine, after: Machine) {
    guard before.key != after.key else { return nil }
    self.before = before
    self.after = after
  }

  var description: String {
    (["the runs are from different machines, \(before.key) and \(after.key):"]
      + after.differences(from: before).map { "  " + $0 })
      .joined(separator: "\n")
  }
}

/// Two runs, line by line, with a cutoff that is above what both say of their own noise.
struct RunComparison: Codable, Equatable {
  enum Verdict: String, Codable {
    case same
    case faster
    case slower
  }

  /// One measurement that both runs have.
  struct Line: Codable, Equatable {
    let operation: String
    let shape: String
    /// An instruction set, or the name of a side in a run of `bench peers` or `bench train`.
    let variant: String
    let threads: Int
    let beforeSeconds: Double
    let afterSeconds: Double
    /// Time after over time before: above 1 it has become slower.
    let ratio: Double
    /// A ratio above this, or below its inverse, is no noise.
    let cutoff: Double
    let verdict: Verdict
  }

  let lines: [Line]
  /// Lines that only one of the runs has.
  let unmatched: Int
  /// The geometric mean of the ratios; nil without lines.
  let meanRatio: Double?

  /// The comparison in one line.
  var headline: String {
    let mean = meanRatio.map { Format.fixed($0, digits: 3) } ?? "none"
    return "\(lines.count) line\(lines.count == 1 ? "" : "s"): \(slower.count) slower, "
      + "\(faster.count) faster, the others within their noise; geometric mean of after over before \(mean); "
      + "\(unmatched) without a counterpart"
  }

  var slower: [Line] { lines.filter { $0.verdict == .slower } }
  var faster: [Line] { lines.filter { $0.verdict == .faster } }

  /// Compares what both runs measured; no cutoff is below `smallestCutoff`.
  init(before: BenchResult, after: BenchResult, smallestCutoff: Double = 1) {
    let old = Self.measurements(before)
    let new = Self.measurements(after)
    let known = Dictionary(old.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    var lines: [Line] = []
    for measurement in new {
      guard let earlier = known[measurement.key] else { continue }
      let drift = Self.drift(measurement, before, after)
      let cutoff = max(
        Self.cutoff(spreads: [earlier.spread, measurement.spread], drift: drift), smallestCutoff)
      let ratio = measurement.seconds / earlier.seconds
      lines.append(
        Line(
          operation: measurement.key.operation, shape: measurement.key.shape,
          variant: measurement.key.variant, threads: measurement.key.threads,
          beforeSeconds: earlier.seconds, afterSeconds: measurement.seconds,
          ratio: ratio.roundedToSignificant, cutoff: cutoff.roundedToSignificant,
          verdict: Self.verdict(ratio: ratio, cutoff: cutoff)))
    }
    self.lines = lines
    unmatched = old.count + new.count - 2 * lines.count
    meanRatio = geometricMean(lines.map(\.ratio))?.roundedToSignificant
  }

  /// The ratio that noise explains: the spreads of both medians and what the machine's own limit
  /// moved between the runs, added as independent deviations of a logarithm.
  static func cutoff(spreads: [Double], drift: Double) -> Double {
    exp((spreads + [drift]).reduce(0) { $0 + $1 * $1 }.squareRoot())
  }

  /// A ratio that is no number counts as slower: nothing passes because it could not be compared.
  static func verdict(ratio: Double, cutoff: Double) -> Verdict {
    guard ratio <= cutoff else { return .slower }
    return ratio < 1 / cutoff ? .faster : .same
  }

  private struct Key: Hashable {
    let operation: String
    let shape: String
    let variant: String
    let threads: Int
  }

  private struct Measurement {
    let key: Key
    /// What the machine limits it by, and where.
    let bound: Bound
    let limit: String?
    let seconds: Double
    let spread: Double
  }

  private static func measurements(_ run: BenchResult) -> [Measurement] {
    let kernels = run.operations.map { line in
      Measurement(
        key: Key(
          operation: line.operation, shape: line.shape, variant: line.instructionSet,
          threads: line.threads),
        bound: line.bound, limit: line.limit, seconds: line.medianSeconds, spread: line.spread)
    }
    return kernels + ownSides(run.peers) + ownSides(run.training)
  }

  /// Only our own sides: what a peer does is no regression.
  private static func ownSides(
    _ report: ComparisonReport<some ComparedCell>?
  ) -> [Measurement] {
    (report?.lines ?? []).flatMap { line in
      line.sides.filter(\.isOurs).map { side in
        Measurement(
          key: Key(
            operation: line.cell.operationName, shape: line.cell.shape, variant: side.name,
            threads: line.threads),
          bound: .arithmetic, limit: nil, seconds: side.medianSeconds, spread: side.spread)
      }
    }
  }

  /// How far the limit of a measurement moved between the runs, as the logarithm of the ratio of
  /// its best samples; 0 where a run has not measured it.
  private static func drift(
    _ measurement: Measurement, _ before: BenchResult, _ after: BenchResult
  ) -> Double {
    let kinds: [MeasuredLimit.Kind] =
      measurement.bound == .memory ? [.copy] : [.arithmetic, .instructions]
    func limit(_ run: BenchResult) -> Double? {
      run.limits.last {
        kinds.contains($0.kind) && $0.threads == measurement.key.threads
          && (measurement.limit == nil ? $0.kind == kinds[0] : $0.name == measurement.limit)
      }?.best
    }
    guard let old = limit(before), let new = limit(after), old > 0, new > 0 else { return 0 }
    return abs(log(new / old))
  }
}
