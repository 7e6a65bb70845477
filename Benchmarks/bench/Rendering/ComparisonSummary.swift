// SPDX-License-Identifier: Apache-2.0

import Charts

/// A comparison with peers as text for people.
protocol ComparisonSummary {
  associatedtype Cell: ComparedCell
  var report: ComparisonReport<Cell> { get }
  /// A line for each cell.
  var table: TextTable { get }
  /// Means of the ratios, and what is lost.
  var means: [String] { get }
}

extension ComparisonSummary {
  /// Who took part.
  var peerTable: TextTable {
    let hasKernels = report.peers.contains { $0.kernels != nil }
    var table = TextTable(
      [.left("peer"), .left("version")] + (hasKernels ? [.left("its kernels here")] : []))
    for peer in report.peers {
      table.append([peer.name, peer.version] + (hasKernels ? [peer.kernels ?? ""] : []))
    }
    return table
  }

  /// Everything that a command prints of a run.
  func text(of run: BenchResult, notes: [String], hints: [String]) -> String {
    let summary = ResultSummary(run)
    var parts = [Headline(run).text, summary.machine]
    if !report.peers.isEmpty { parts.append(peerTable.rendered()) }
    if !notes.isEmpty { parts.append(notes.joined(separator: "\n")) }
    parts += [summary.limitTable.rendered(), table.rendered()]
    if !means.isEmpty { parts.append(means.joined(separator: "\n")) }
    let elapsed = Format.fixed(run.settings.elapsedSeconds, digits: 0)
    var last = [
      "Medians of at least \(run.settings.rounds) samples of each side, in turn, in \(elapsed) s. "
        + "spread: the larger of ours and the best peer's."
    ]
    if report.disturbedSamples > 0 {
      last.append("\(report.disturbedSamples) samples began beside threads that would not rest.")
    }
    parts.append((last + hints).joined(separator: "\n"))
    return parts.joined(separator: "\n\n")
  }

  static func text(_ ratio: Double?) -> String {
    ratio.map { Format.fixed($0, digits: 2) } ?? ""
  }

  /// What stands beside a ratio; one that is not a number is a loss.
  static func verdict(_ ratio: Double?) -> String {
    ratio.map { RatioSummary.isLoss($0) ? "LOSS" : "" } ?? ""
  }

  static func losses(_ ratios: RatioSummary) -> String {
    "\(ratios.lost) of \(ratios.count) lost"
  }
}
