// SPDX-License-Identifier: Apache-2.0

import Charts
import Tabular

/// Figure 3: the discriminator's probability for generated rows against the iteration, on a
/// logarithmic axis, a panel for each size; both losses below.
struct TrainingFigure {
  private let histories: [(run: ExperimentRun, series: HistorySeries)]

  /// Below this a probability is as good as none; the axis ends here.
  private static let floor = 1e-30
  private static let panelSize = (width: 330.0, height: 220.0)

  init(results: [RunResult], folder: ExperimentFolder) throws {
    histories = try results.map {
      ($0.run, try HistorySeries(contentsOf: folder.history($0.run)))
    }
  }

  /// A column for each size; one range for a row, so that sizes can be compared by eye.
  var svg: String {
    let minimum = histories.flatMap(\.series.probabilityGenerated).min() ?? 1
    let probability = Axis.logarithmic(
      "D(generated)", floor: Self.floor, range: max(Self.floor, min(minimum, 1e-2))...1)
    return LineChart(
      "What the discriminator thinks of generated rows",
      subtitle: "mean probability of being real, log scale; below it the losses of both networks; "
        + "one iteration is a step of both",
      panels: row(probability, "") { $0.probabilityGenerated }
        + row(loss("loss of D") { $0.discriminatorLoss }, ": discriminator") {
          $0.discriminatorLoss
        }
        + row(loss("loss of G") { $0.generatorLoss }, ": generator") { $0.generatorLoss },
      columns: sizes.count, panelSize: Self.panelSize
    ).svg()
  }

  private var sizes: [Int] { Set(histories.map(\.run.size)).sorted() }

  private func row(
    _ axis: Axis, _ title: String, _ values: (HistorySeries) -> [Double]
  ) -> [LineChart.Panel] {
    sizes.map { size in
      LineChart.Panel(
        "\(NumberText.pluralized(size, "row"))\(title)", x: Axis("iteration"), y: axis,
        series: histories.filter { $0.run.size == size }.map { run, series in
          Series(run.start.label, x: series.steps, y: values(series))
        })
    }
  }

  /// An axis over the middle 99 % of the losses, so that one spike does not flatten the rest.
  private func loss(_ label: String, _ values: (HistorySeries) -> [Double]) -> Axis {
    let sorted = histories.flatMap { values($0.series) }.sorted()
    guard let first = sorted.first, let last = sorted.last, first < last else { return Axis(label) }
    let low = sorted[sorted.count / 200]
    let high = sorted[sorted.count - 1 - sorted.count / 200]
    let room = max((high - low) * 0.05, 1e-6)
    return Axis(label, range: low - room...high + room)
  }
}

extension ExperimentRun.Start {
  /// For legends and tables.
  var label: String {
    switch self {
    case .scratch: "from scratch"
    case .warm: "warm start"
    }
  }
}
