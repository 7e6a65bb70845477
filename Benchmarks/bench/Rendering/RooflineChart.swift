// SPDX-License-Identifier: Apache-2.0

import Charts

/// GFLOP/s against arithmetic intensity, under the roofs that were measured in the same run.
struct RooflineChart {
  let result: BenchResult

  private static let lowestIntensity = 0.2
  private static let highestIntensity = 500.0

  /// A panel for each number of threads, on the best instruction set; nil where nothing was
  /// measured that has operations to count.
  func svg() -> String? {
    guard let best = result.build.instructionSets.last else { return nil }
    let threads = Set(result.operations.map(\.threads)).sorted()
    let panels = threads.compactMap { panel(best, $0) }
    guard !panels.isEmpty else { return nil }
    return LineChart(
      "Roofline: dense layers on \(result.machine.processor)",
      subtitle: "\(best). Points: medians, each a shape; roofs: best samples of the same run, "
        + "copies of buffers in L1, L2, L3 and memory. Each operand counts once.",
      panels: panels, columns: 2, panelSize: (600, 400)
    ).svg()
  }

  private func panel(_ best: String, _ threads: Int) -> LineChart.Panel? {
    guard let peak = result.arithmeticLimit(best, threads: threads)?.best else { return nil }
    let roofs = result.limits.filter { $0.kind == .copy && $0.threads == threads }.map { limit in
      let knee = min(
        max(peak / limit.best, Self.lowestIntensity), Self.highestIntensity)
      return Series(
        "\(limit.name) copy", x: [Self.lowestIntensity, knee, Self.highestIntensity],
        y: [min(limit.best * Self.lowestIntensity, peak), peak, peak].map { $0 * 1e-9 },
        isDashed: limit.name == "memory")
    }
    let lines = result.operations.filter { $0.instructionSet == best && $0.threads == threads }
    let points = OperationGroup.products.map { group in
      let members = lines.filter { OperationGroup(operation: $0.operation) == group }
        .compactMap { line -> (x: Double, y: Double)? in
          guard let intensity = line.arithmeticIntensity, let rate = line.operationsPerSecond
          else { return nil }
          return (intensity, rate * 1e-9)
        }
      return Series(group.rawValue, x: members.map(\.x), y: members.map(\.y), marks: .points)
    }
    guard points.contains(where: { !$0.x.isEmpty }) else { return nil }
    // The lowest point of the memory's roof, and no point of a kernel cut off.
    let lowest = (roofs + points).flatMap(\.y).filter { $0 > 0 }.min() ?? 1
    // A weaker instruction set is a ceiling of its own where it is visibly lower.
    let ceilings = result.build.instructionSets.dropLast().compactMap { set -> ReferenceLine? in
      guard let ceiling = result.arithmeticLimit(set, threads: threads)?.best,
        ceiling < peak * 0.8
      else { return nil }
      return ReferenceLine("\(set) multiply-add", y: ceiling * 1e-9)
    }
    return LineChart.Panel(
      "\(threads) thread\(threads == 1 ? "" : "s"), peak \(Format.giga(peak)) GFLOP/s",
      x: .logarithmic(
        "arithmetic intensity", unit: "FLOP/byte",
        range: Self.lowestIntensity...Self.highestIntensity),
      y: .logarithmic("rate", unit: "GFLOP/s", range: lowest * 0.7...peak * 1.4e-9),
      series: roofs + points, references: ceilings)
  }
}
