// SPDX-License-Identifier: Apache-2.0

import Charts

/// How many times as fast each instruction set is as the weakest, on one thread.
struct InstructionSetLadder {
  let result: BenchResult

  /// Nil where one instruction set was measured.
  func svg() -> String? {
    let sets = result.build.instructionSets
    guard sets.count > 1, let weakest = sets.first else { return nil }
    let threads = result.operations.map(\.threads).min() ?? 1
    let lines = result.operations.filter { $0.threads == threads }
    let groups = OperationGroup.allCases.filter { group in
      lines.contains { OperationGroup(operation: $0.operation) == group }
    }
    guard !groups.isEmpty else { return nil }
    let series = sets.map { set in
      BarChart.Series(
        set, groups.map { Self.speed(of: set, over: weakest, $0, lines) ?? .nan })
    }
    return BarChart(
      "Instruction sets: speed over \(weakest) on \(result.machine.processor)",
      subtitle: "\(threads) thread\(threads == 1 ? "" : "s"), geometric means over the shapes of "
        + "the run.",
      axis: Axis("speed over \(weakest)", unit: "times"), categories: groups.map(\.rawValue),
      series: series, width: 900
    ).svg()
  }

  private static func speed(
    of set: String, over weakest: String, _ group: OperationGroup, _ lines: [OperationResult]
  ) -> Double? {
    let members = lines.filter { OperationGroup(operation: $0.operation) == group }
    return geometricMean(
      members.filter { $0.instructionSet == set }.compactMap { line in
        members.first {
          $0.instructionSet == weakest && $0.operation == line.operation
            && $0.shape == line.shape
        }.map { $0.medianSeconds / line.medianSeconds }
      })
  }
}
