import Charts

/// Figure 3: the discriminator's probability for generated rows against the iteration, on a
/// logarithmic axis, a panel for each size; both losses below.
struct TrainingFigure {
  private let panels: [LineChart.Panel]
  private let columns: Int

  /// Below this a probability is as good as none; the axis ends here.
  private static let floor = 1e-30
  private static let mostColumns = 4

  init(results: [RunResult], folder: ExperimentFolder) throws {
    let histories = try results.map {
      ($0.run, try HistorySeries(contentsOf: folder.history($0.run)))
    }
    // One range for all, so that panels can be compared by eye.
    let least = histories.flatMap(\.1.probabilityFake).min() ?? 1
    let range = max(Self.floor, min(least, 1e-2))...1
    let losses = histories.flatMap { $0.1.discriminatorLoss + $0.1.generatorLoss }
    let lossRange = Self.padded(losses)
    var sizes: [Int] = []
    for (run, _) in histories where !sizes.contains(run.size) { sizes.append(run.size) }
    let probabilities = sizes.map { size in
      let own = histories.filter { $0.0.size == size }
      return LineChart.Panel(
        "\(NumberText.grouped(size)) rows", x: Axis("iteration"),
        y: .logarithmic("D(generated)", floor: Self.floor, range: range),
        series: own.map { run, history in
          Series(
            "D(generated), \(run.start.label)", x: history.steps, y: history.probabilityFake,
            isDashed: run.start == .warm)
        })
    }
    let lossPanels = sizes.map { size in
      let own = histories.filter { $0.0.size == size }
      return LineChart.Panel(
        "\(NumberText.grouped(size)) rows: losses", x: Axis("iteration"),
        y: Axis("loss", range: lossRange),
        series: own.flatMap { run, history in
          [
            Series(
              "loss of D, \(run.start.label)", x: history.steps, y: history.discriminatorLoss,
              isDashed: run.start == .warm),
            Series(
              "loss of G, \(run.start.label)", x: history.steps, y: history.generatorLoss,
              isDashed: run.start == .warm),
          ]
        })
    }
    columns = min(sizes.count, Self.mostColumns)
    var rows: [LineChart.Panel] = []
    for start in stride(from: 0, to: sizes.count, by: columns) {
      let range = start..<min(start + columns, sizes.count)
      rows += probabilities[range] + lossPanels[range]
    }
    panels = rows
  }

  var svg: String {
    LineChart(
      "What the discriminator thinks of generated rows",
      subtitle: "mean probability of being real, log scale; below it both losses; one iteration is "
        + "a step of both networks",
      panels: panels, columns: columns, panelSize: (330, 250)
    ).svg()
  }

  /// The range of the middle 99 % of the losses, so that one spike does not flatten the rest.
  private static func padded(_ values: [Double]) -> ClosedRange<Double>? {
    let sorted = values.sorted()
    guard let first = sorted.first, let last = sorted.last, first < last else { return nil }
    let low = sorted[sorted.count / 200]
    let high = sorted[sorted.count - 1 - sorted.count / 200]
    let room = max((high - low) * 0.05, 1e-6)
    return low - room...high + room
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
