// SPDX-License-Identifier: Apache-2.0

import Charts
import TabularEvaluation

/// Figures of scores against the number of rows that were trained on.
struct QualityFigure {
  private let results: [RunResult]

  init(results: [RunResult]) { self.results = results }

  /// Shape, trend and the two-sample test.
  var quality: String {
    chart(
      "Quality against the number of rows",
      subtitle: "lower is better in all three; real rows set the baseline",
      [
        panel("Single columns", y: Axis("mean shape error", unit: "%")) {
          Scores($0.shape.synthetic.mean, holdoutBaseline: $0.shape.holdoutBaseline.mean)
        },
        panel("Pairs of columns", y: Axis("mean trend error", unit: "%")) {
          Scores(
            $0.trend.synthetic.mean, holdoutBaseline: $0.trend.holdoutBaseline.mean,
            independentColumnsBaseline: $0.trend.independentColumnsBaseline?.mean)
        },
        panel("Two-sample test", y: Axis("AUC", range: 0.45...1.02)) {
          Scores(
            $0.c2st?.synthetic.auc, holdoutBaseline: $0.c2st?.holdoutBaseline.auc,
            independentColumnsBaseline: $0.c2st?.independentColumnsBaseline?.auc)
        },
      ])
  }

  /// Utility and copying.
  var utility: String {
    let utility = results.first?.quality.utility
    let scores = results.compactMap(\.quality.utility).flatMap {
      [$0.trainedOnSynthetic, $0.trainedOnReal]
    }
    // A model can be wrong without bound; what is worse than guessing has no shades.
    let range = (scores.min() ?? 0) < -1 ? -1.0...1 : nil
    return chart(
      "Utility and memorization against the number of rows",
      subtitle: (utility.map { "left: predicting \($0.target), higher is better; " }
        ?? "left: not measured, since no target column was named (--target); ")
        + "right: 0.5 is best, more means rows were memorized",
      [
        panel(
          "Trained on generated rows, scored on real ones",
          y: Axis(utility?.metric.rawValue ?? "score", range: range)
        ) {
          Scores($0.utility?.trainedOnSynthetic, holdoutBaseline: $0.utility?.trainedOnReal)
        },
        panel(
          "Memorization", y: Axis("DCR share", range: dcrShareRange),
          references: [ReferenceLine("no memorization", y: 0.5)]
        ) { Scores($0.memorization?.dcrShare) },
      ])
  }

  /// Wide enough that chance does not look like a trend.
  private var dcrShareRange: ClosedRange<Double> {
    let shares = results.compactMap { $0.quality.memorization?.dcrShare }
    return min(0.4, shares.min() ?? 0.4)...max(0.6, shares.max() ?? 0.6)
  }

  /// A score beside its baselines; nil where it was not measured.
  private struct Scores {
    var synthetic: Double
    var holdoutBaseline: Double
    var independentColumnsBaseline: Double

    init(
      _ synthetic: Double?, holdoutBaseline: Double? = nil,
      independentColumnsBaseline: Double? = nil
    ) {
      self.synthetic = synthetic ?? .nan
      self.holdoutBaseline = holdoutBaseline ?? .nan
      self.independentColumnsBaseline = independentColumnsBaseline ?? .nan
    }
  }

  private func panel(
    _ title: String, y: Axis, references: [ReferenceLine] = [],
    _ scores: (QualityReport) -> Scores
  ) -> LineChart.Panel {
    let points = results.map { ($0.run, scores($0.quality)) }
    func series(
      _ name: String, _ start: ExperimentRun.Start, dashed: Bool = false,
      _ value: (Scores) -> Double
    ) -> Series {
      let own = points.filter { $0.0.start == start && value($0.1).isFinite }
      return Series(
        name, x: own.map { Double($0.0.size) }, y: own.map { value($0.1) }, marks: .lineAndPoints,
        isDashed: dashed)
    }
    let all = [
      series(ExperimentRun.Start.scratch.label, .scratch) { $0.synthetic },
      series(ExperimentRun.Start.warm.label, .warm) { $0.synthetic },
      series("real rows (holdout)", .scratch, dashed: true) { $0.holdoutBaseline },
      series("independent columns", .scratch, dashed: true) { $0.independentColumnsBaseline },
    ]
    return LineChart.Panel(
      title,
      x: .logarithmic("rows trained on", floor: 1, ticks: sizes.map(Double.init)), y: y,
      series: all.filter { !$0.y.isEmpty }, references: references)
  }

  private var sizes: [Int] { Set(results.map(\.run.size)).sorted() }

  private func chart(_ title: String, subtitle: String, _ panels: [LineChart.Panel]) -> String {
    LineChart(title, subtitle: subtitle, panels: panels, panelSize: (420, 280)).svg()
  }
}
