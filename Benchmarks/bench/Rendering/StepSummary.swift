// SPDX-License-Identifier: Apache-2.0

import Charts

/// A comparison of training steps with other frameworks as text for people.
struct StepSummary: ComparisonSummary {
  let report: ComparisonReport<StepCell>
  private let limits: [MeasuredLimit]

  init(_ report: ComparisonReport<StepCell>, limits: [MeasuredLimit]) {
    self.report = report
    self.limits = limits
  }

  /// A line for each cell; ratios are the fastest peer's time over ours.
  var table: TextTable {
    let names = report.peers.map(\.name)
    var columns: [TextTable.Column] = [
      .left("step"), .right("ms"), .right("rows/s"), .right("of peak"),
    ]
    for name in names { columns += [.right(name), .right("of peak")] }
    if !names.isEmpty { columns += [.right("ratio"), .left("")] }
    var table = TextTable(columns + [.right("spread")])
    for line in report.lines {
      let cells = { (side: ComparisonReport<StepCell>.Side?) -> [String] in
        guard let side else { return ["", ""] }
        let peak = limits.peak(threads: line.threads) ?? .nan
        return [
          Format.milliseconds(side.medianSeconds), Format.percent(line.rate(side) / peak),
        ]
      }
      var row = [line.cell.label] + cells(line.ours)
      let rows = line.ours.map { Double(line.cell.batch) / $0.medianSeconds }
      row.insert(rows.map { Format.fixed($0, digits: 0) } ?? "", at: 2)
      for name in names { row += cells(line.side(name)) }
      if !names.isEmpty { row += [Self.text(line.ratio), Self.verdict(line.ratio)] }
      table.append(row + [Format.percent(line.spread)])
    }
    return table
  }

  /// Empty without peers.
  var means: [String] {
    let ratios = RatioSummary(report.lines.compactMap(\.ratio))
    guard let mean = ratios.mean else { return [] }
    return [
      "ours over the best peer: geometric mean \(Self.text(mean)), \(Self.losses(ratios))"
    ]
  }
}
