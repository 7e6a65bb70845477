import Charts

/// How many times as fast operations are on several threads as on one.
struct ThreadScalingChart {
  let result: BenchResult

  /// Products on the left, everything else on the right; nil where one number of threads was
  /// measured.
  func svg() -> String? {
    guard let best = result.build.instructionSets.last else { return nil }
    let threads = Set(result.operations.map(\.threads)).sorted()
    guard threads.count > 1, threads[0] == 1 else { return nil }
    let panels = [("dense layers", OperationGroup.products), ("other kernels", .others)]
      .compactMap { panel($0.0, $0.1, best, threads) }
    guard !panels.isEmpty else { return nil }
    return LineChart(
      "Threads: speed-up over one thread on \(result.machine.processor)",
      subtitle: "\(best). Geometric means over the shapes of the run; a call that is too short to "
        + "share stays on one thread.",
      panels: panels, columns: 2, panelSize: (600, 380)
    ).svg()
  }

  private func panel(
    _ title: String, _ groups: [OperationGroup], _ best: String, _ threads: [Int]
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
      title, x: Axis("threads", range: counts[0]...counts[counts.count - 1], ticks: counts),
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

extension [OperationGroup] {
  fileprivate static var others: [OperationGroup] { OperationGroup.others }
}
