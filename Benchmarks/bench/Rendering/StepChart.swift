// SPDX-License-Identifier: Apache-2.0

import Charts
import TabularGAN

/// The share of the machine's peak that a training step reaches on every side.
struct StepChart {
  let result: BenchResult

  /// A chart for each objective of the run.
  func svgs() -> [(objective: String, svg: String)] {
    guard let report = result.training else { return [] }
    var objectives: [StepCell.Objective] = []
    for line in report.lines where !objectives.contains(line.cell.objective) {
      objectives.append(line.cell.objective)
    }
    let threads = report.threadCounts.map { "\($0)" }.joined(separator: ", ")
    return objectives.map { objective in
      let lines = report.lines.filter { $0.cell.objective == objective }
      let series = report.sideNames.map { name in
        BarChart.Series(
          name == "ours" ? "here" : name,
          lines.map { line in
            guard let side = line.side(name),
              let peak = result.limits.peak(threads: line.threads)
            else { return .nan }
            return 100 * line.rate(side) / peak
          })
      }
      let chart = BarChart(
        "A training step (\(objective.rawValue)) on \(result.machine.processor)",
        subtitle: "Single precision, \(threads) threads; one step of the discriminator and "
          + "one of the generator, with Adam. Hidden width x rows.",
        axis: Axis("share of the fp32 peak of the same run", unit: "%", range: 0...100),
        categories: lines.map { "\($0.cell.hidden) x \($0.cell.batch)" },
        series: series, width: 900)
      return (objective.rawValue, chart.svg())
    }
  }
}
