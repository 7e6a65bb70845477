// SPDX-License-Identifier: Apache-2.0

import Charts

/// How many times as fast operations are on several threads as on one.
struct ThreadScalingChart {
  let result: BenchResult

  /// A chart of those operations; nil where one number of threads was measured.
  func svg(_ title: String, _ groups: [OperationGroup]) -> String? {
    guard let best = result.build.instructionSets.last else { return nil }
    let threads = Set(result.operations.map(\.threads)).sorted()
    guard threads.count > 1, threads[0] == 1, let panel = panel(groups, best, threads) else {
      return nil
    }
    return LineChart(
      "Threads: \(title) on \(result.machine.processor)",
      subtitle: "\(best). Geometric means over the shapes of the run; calls that are too short to "
        + "share stay on one thread.",
      panels: [panel], columns: 1, panelSize: (760, 380)
    ).svg()
  }

  private func panel(
    _ groups: [OperationGroup], _ best: String, _ threads: [Int]
  ) -> LineChart.Panel? {
    let counts = threads.map(Double.init)
    let series = groups.compactMap { group -> Series? in
      let speedups = threads.map { speedup(group, best, $0) ?? .nan }
      guard speedups.contains(where: { $0.isFinite }) else { return nil }
      return Series(group.rawValue, x: counts, y: speedups, marks: .lineAndPoints)
    }
    guard !series.isEmpty else { return nil }
    let ideal = Series("as many times as threads", x: counts, y: counts, isDashed: true)
    return LineChart.Panel(
      x: Axis("threads", range: counts[0]...counts[counts.count - 1], ticks: counts),
      y: Axis("speed-up over one thread", unit: "times"), series: [ideal] + series)
  }

  private func speedup(_ group: OperationGroup, _ best: String, _ threads: Int) -> Double? {
    let lines = result.operations.filter {
      $0.instructionSet == best && OperationGroup(operation: $0.operation) == group
    }
    let ratios = lines.filter { $0.threads == threads }.compactMap { several in
      lines.first {
        $0.threads == 1 && $0.operation == several.operation && $0.shape == several.shape
      }.map { $0.medianSeconds / several.medianSeconds }
    }
    return geometricMean(ratios)
  }
}
