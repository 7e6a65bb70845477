// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// Detects failed training whose numbers all stayed finite.
///
/// There are two signs. First, most of the columns in which the training rows vary have a single
/// value in all generated rows (mode collapse). If one training row in fifty differs from the most
/// frequent value, 2,000 generated rows agree by chance with a probability of 0.98^2000, below
/// 1e-17 for each column. A single such column is no sign: after a few steps, a rare category may
/// not have occurred yet. Second, losses have exploded: those of all objectives are of the order of
/// 1 to 1,000.
package struct CollapseCheck {
  /// The columns in which the training rows vary.
  private let varying: [String]

  private static let sampledRows = 20_000
  private static let minShare = 0.02
  private static let maxLoss: Float = 1e6
  /// With fewer generated rows, agreement may be chance.
  package static let minRows = 1000

  package init(training table: Table) {
    let count = min(table.rowCount, Self.sampledRows)
    let rows = (0..<count).map { $0 * table.rowCount / count }
    varying = table.columns.filter { column in
      var counts: [Double: Int] = [:]
      for row in rows { counts[Self.value(of: column, row), default: 0] += 1 }
      return Double(count - (counts.values.max() ?? 0)) >= Self.minShare * Double(count)
    }.map(\.name)
  }

  /// The problem with a model, given some of its rows and its last losses; nil if there is none.
  package func result(of generated: Table, losses: [Float]) -> CollapseResult? {
    var constant: [String] = []
    if generated.rowCount >= Self.minRows {
      constant = varying.filter { name in
        guard let column = generated[name] else { return false }
        let first = Self.value(of: column, 0)
        return (1..<generated.rowCount).allSatisfy { Self.value(of: column, $0) == first }
      }
    }
    if 2 * constant.count <= varying.count { constant = [] }
    let isExploded = losses.contains { !(abs($0) <= Self.maxLoss) }
    if constant.isEmpty && !isExploded { return nil }
    return CollapseResult(constantColumns: constant, lossesExploded: isExploded)
  }

  /// The content of a cell as a comparable number, including missing values.
  private static func value(of column: Column, _ row: Int) -> Double {
    switch column.values {
    case .number(let values), .datetime(let values):
      values[row].isNaN ? .infinity : values[row]
    case .text(let codes, _): Double(codes[row])
    }
  }
}

/// The summary of failed training that `--json` prints.
package struct CollapseResult: Codable, Equatable {
  /// Columns that vary in the training rows but have one value in all generated rows.
  package var constantColumns: [String]
  package var lossesExploded: Bool

  /// The warning for the user.
  var warning: String {
    var signs: [String] = []
    if lossesExploded { signs.append("the losses have exploded") }
    if !constantColumns.isEmpty {
      let names = constantColumns.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      let more = constantColumns.count > 5 ? " and \(constantColumns.count - 5) more" : ""
      signs.append(
        "every generated row has the same \(names)\(more), although the training rows differ there")
    }
    return """
      training has failed: \(signs.joined(separator: ", and ")). Train with a smaller \
      learning rate (--set, as in generatorOptimizer.adam.learningRate=1e-4), more steps, or another \
      --preset
      """
  }
}
