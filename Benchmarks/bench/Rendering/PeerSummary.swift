// SPDX-License-Identifier: Apache-2.0

import Charts

/// A comparison of dense layers with other libraries as text for people.
struct PeerSummary: ComparisonSummary {
  let report: ComparisonReport<DenseCell>
  private let limits: [MeasuredLimit]

  init(_ report: ComparisonReport<DenseCell>, limits: [MeasuredLimit]) {
    self.report = report
    self.limits = limits
  }

  /// A line for each operation, shape and number of threads; ratios are times over ours.
  var table: TextTable {
    var table = TextTable([
      .left("operation"), .left("shape"), .right("threads"), .right("ours GF/s"),
      .right("of peak"), .left("best peer"), .right("GF/s"), .right("ratio"), .left(""),
      .right("plain GF/s"), .left("best plain peer"), .right("GF/s"), .right("ratio"),
      .left(""), .right("spread"),
    ])
    for line in report.lines {
      let rate = { (side: ComparisonReport<DenseCell>.Side?) in
        side.map { Format.giga(line.rate($0)) } ?? ""
      }
      var share = ""
      if let peak = limits.peak(threads: line.threads), let ours = line.ours {
        share = Format.percent(line.rate(ours) / peak)
      }
      table.append([
        line.cell.operationName, line.cell.shape, "\(line.threads)", rate(line.ours), share,
        line.bestPeer?.name ?? "", rate(line.bestPeer), Self.text(line.ratio),
        Self.verdict(line.ratio), rate(line.oursPlain), line.bestPlainPeer?.name ?? "",
        rate(line.bestPlainPeer), Self.text(line.plainRatio), Self.verdict(line.plainRatio),
        Format.percent(line.spread),
      ])
    }
    return table
  }

  /// By threads and of everything, then against each peer alone.
  var means: [String] {
    var means = report.threadCounts.map { count in
      mean("\(count) thread\(count == 1 ? "" : "s")", report.lines.filter { $0.threads == count })
    }
    means.append(mean("all", report.lines))
    let ours = Set(report.lines.flatMap(\.sides).filter(\.isOurs).map(\.name))
    for name in report.sideNames where !ours.contains(name) {
      let ratios = report.lines.compactMap { $0.ratio($0.side(name), over: $0.ours) }
      means.append("against \(name) alone: \(Self.text(geometricMean(ratios)))")
    }
    return means
  }

  private func mean(_ title: String, _ lines: [ComparisonReport<DenseCell>.Line]) -> String {
    let ratios = RatioSummary(lines.compactMap(\.ratio))
    let plain = RatioSummary(lines.compactMap(\.plainRatio))
    return "\(title): ours over the best peer \(Self.text(ratios.mean)) "
      + "(\(Self.losses(ratios))), row-major entries \(Self.text(plain.mean)) "
      + "(\(Self.losses(plain)))"
  }
}
