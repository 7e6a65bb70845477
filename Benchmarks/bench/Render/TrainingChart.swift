import Charts
import TabularGAN

/// The share of the machine's peak that a training step reaches on every side.
struct TrainingChart {
  let result: BenchResult

  /// A chart for each objective of the run.
  func svgs() -> [(objective: String, svg: String)] {
    guard let report = result.training, let peak = report.peak(in: result.limits) else { return [] }
    let names = report.frameworks.map(\.name)
    var objectives: [TrainingCell.Objective] = []
    for line in report.lines where !objectives.contains(line.cell.objective) {
      objectives.append(line.cell.objective)
    }
    return objectives.map { objective in
      let lines = report.lines.filter { $0.cell.objective == objective }
      func shares(_ side: (TrainingReport.Line) -> TrainingReport.Side?) -> [Double] {
        lines.map { line in side(line).map { 100 * line.share($0, of: peak) } ?? .nan }
      }
      let peers = names.map { name in
        BarChart.Series(name, shares { line in line.peers.first { $0.name == name } })
      }
      let chart = BarChart(
        "A training step (\(objective.rawValue)) on \(result.machine.processor)",
        subtitle: "Single precision, \(report.threads) threads; one step of the discriminator and "
          + "one of the generator, with Adam. Hidden width x rows.",
        axis: Axis("share of the fp32 peak of the same run", unit: "%", range: 0...100),
        categories: lines.map { "\($0.cell.hidden) x \($0.cell.batch)" },
        series: [BarChart.Series("here", shares(\.ours))] + peers, width: 900)
      return (objective.rawValue, chart.svg())
    }
  }
}
