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
      subtitle: "lower is better in all three; real rows set the floor",
      [
        panel("Single columns", y: Axis("mean shape error", unit: "%")) {
          Scores($0.shape.synthetic.mean, floor: $0.shape.floor.mean)
        },
        panel("Pairs of columns", y: Axis("mean trend error", unit: "%")) {
          Scores(
            $0.trend.synthetic.mean, floor: $0.trend.floor.mean, control: $0.trend.control?.mean)
        },
        panel("Two-sample test", y: Axis("detector AUC", range: 0.45...1.02)) {
          Scores(
            $0.detection?.synthetic.auc, floor: $0.detection?.floor.auc,
            control: $0.detection?.control?.auc)
        },
      ])
  }

  /// Usefulness and copying.
  var usefulness: String {
    let usefulness = results.first?.quality.usefulness
    let scores = results.compactMap(\.quality.usefulness).flatMap {
      [$0.trainedOnSynthetic, $0.trainedOnReal]
    }
    // A model can be wrong without bound; what is worse than guessing has no shades.
    let range = (scores.min() ?? 0) < -1 ? -1.0...1 : nil
    return chart(
      "Usefulness and copying against the number of rows",
      subtitle: (usefulness.map { "left: predicting \($0.target), higher is better; " }
        ?? "left: not measured, since no target column was named (--target); ")
        + "right: 0.5 is best, more means rows were memorized",
      [
        panel(
          "Learned on generated rows, scored on real ones",
          y: Axis(usefulness?.metric.rawValue ?? "score", range: range)
        ) {
          Scores($0.usefulness?.trainedOnSynthetic, floor: $0.usefulness?.trainedOnReal)
        },
        panel(
          "Copying", y: Axis("share nearer to trained rows", range: copyingRange),
          references: [ReferenceLine("no copying", y: 0.5)]
        ) { Scores($0.copying?.share) },
      ])
  }

  /// Wide enough that chance does not look like a trend.
  private var copyingRange: ClosedRange<Double> {
    let shares = results.compactMap { $0.quality.copying?.share }
    return min(0.4, shares.min() ?? 0.4)...max(0.6, shares.max() ?? 0.6)
  }

  /// A score beside its anchors; nil where it was not measured.
  private struct Scores {
    var synthetic: Double
    var floor: Double
    var control: Double

    init(_ synthetic: Double?, floor: Double? = nil, control: Double? = nil) {
      self.synthetic = synthetic ?? .nan
      self.floor = floor ?? .nan
      self.control = control ?? .nan
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
      series("real rows (floor)", .scratch, dashed: true) { $0.floor },
      series("shuffled columns (control)", .scratch, dashed: true) { $0.control },
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
