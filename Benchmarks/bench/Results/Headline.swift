// SPDX-License-Identifier: Apache-2.0

/// A run in one line: how near it comes to the machine's limits, and what is lost to peers.
struct Headline {
  private static let low = 0.5
  /// Limits that spread further than this make every share of them uncertain.
  private static let noisySpread = 0.2

  private let parts: [String]

  /// Of the strongest instruction set of a run of the kernels; of our best entries in others.
  init(_ run: BenchResult) {
    var parts: [String]
    if let peers = run.peers {
      parts = Self.parts(peers, run.limits)
    } else if let training = run.training {
      parts = Self.parts(training, run.limits)
    } else {
      parts = Self.parts(run)
    }
    let spread = run.limits.map(\.spread).max() ?? 0
    if spread > Self.noisySpread {
      parts.append("noisy: limits spread by up to \(Format.percent(spread))")
    }
    self.parts = parts
  }

  /// For example `168 cases: median 83 % of the limit, 12 below 50 %, 67 lost to the best peer`.
  var text: String {
    guard let first = parts.first else { return "" }
    return parts.count == 1 ? first : first + ": " + parts.dropFirst().joined(separator: ", ")
  }

  private static func parts(_ run: BenchResult) -> [String] {
    let strongest = run.build.instructionSets.last ?? ""
    let lines = run.operations.filter { $0.instructionSet == strongest }
    let threads = Set(lines.map(\.threads)).sorted().map { "\($0)" }.joined(separator: " and ")
    let wrong = run.operations.filter { !$0.isCorrect }.count
    return ["\(counted(lines.count, "case")) on \(strongest), threads \(threads)"]
      + shares(lines.compactMap(\.shareOfLimit), of: "limit")
      + (wrong > 0 ? ["\(wrong) WRONG"] : [])
  }

  private static func parts(
    _ report: ComparisonReport<some ComparedCell>, _ limits: [MeasuredLimit]
  ) -> [String] {
    let shares = report.lines.compactMap { line -> Double? in
      guard let ours = line.ours, let peak = limits.peak(threads: line.threads) else { return nil }
      return line.rate(ours) / peak
    }
    let ratios = RatioSummary(report.lines.compactMap(\.ratio))
    return [counted(report.lines.count, "case")] + self.shares(shares, of: "fp32 peak")
      + (ratios.count > 0 ? ["\(ratios.lost) lost to the best peer"] : [])
  }

  private static func shares(_ shares: [Double], of limit: String) -> [String] {
    guard !shares.isEmpty else { return [] }
    let median = SampleSummary.quantile(0.5, of: shares.sorted())
    let below = shares.filter { !($0 >= low) }.count
    return [
      "median \(Format.percent(median)) of the \(limit)", "\(below) below \(Format.percent(low))",
    ]
  }

  private static func counted(_ count: Int, _ thing: String) -> String {
    "\(count) \(thing)\(count == 1 ? "" : "s")"
  }
}
