// SPDX-License-Identifier: Apache-2.0

import Charts

/// The rate of every side of a peer report.
struct PeerChart {
  let result: BenchResult

  /// A chart for each number of threads: rates as geometric means over the shapes of the run.
  func svgs() -> [(threads: Int, svg: String)] {
    guard let report = result.peers else { return [] }
    return report.threadCounts.map { threads in
      let lines = report.lines.filter { $0.threads == threads }
      let names = report.sideNames.filter { name in lines.contains { $0.side(name) != nil } }
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
    _ name: String, _ operation: DenseProblem.Operation, _ lines: [ComparisonReport<DenseCell>.Line]
  ) -> Double? {
    let members = lines.filter { $0.cell.operation == operation }
    let rates = members.compactMap { line in line.side(name).map { line.rate($0) * 1e-9 } }
    return rates.count == members.count ? geometricMean(rates) : nil
  }
}
