import Charts

/// The rate of every side of a peer report.
struct PeerChart {
  let result: BenchResult

  /// A chart for each number of threads: rates as geometric means over the shapes of the run.
  func svgs() -> [(threads: Int, svg: String)] {
    guard let report = result.peers else { return [] }
    return Set(report.lines.map(\.threads)).sorted().map { threads in
      let lines = report.lines.filter { $0.threads == threads }
      var names: [String] = []
      for name in lines.flatMap(\.sides).map(\.name) where !names.contains(name) {
        names.append(name)
      }
      let series = DenseProblem.Operation.allCases.map { operation in
        BarChart.Series(
          operation.rawValue.replacingOccurrences(of: "_", with: " "),
          names.map { Self.rate($0, operation, lines) ?? .nan })
      }
      let chart = BarChart(
        "Beside other libraries on \(result.machine.processor), "
          + "\(threads) thread\(threads == 1 ? "" : "s")",
        subtitle: "Bias, activation and derivative included. Geometric means over the shapes of "
          + "the run; packed: weights packed once, before the time begins.",
        axis: Axis("rate", unit: "GFLOP/s"), categories: names, series: series, width: 900)
      return (threads, chart.svg())
    }
  }

  /// Nil where a side does not do the operation at every shape.
  private static func rate(
    _ name: String, _ operation: DenseProblem.Operation, _ lines: [PeerReport.Line]
  ) -> Double? {
    let members = lines.filter { $0.operation == operation }
    let rates = members.compactMap { line in
      line.sides.first { $0.name == name }.map {
        line.floatingPointOperations / $0.medianSeconds * 1e-9
      }
    }
    return rates.count == members.count ? geometricMean(rates) : nil
  }
}
