import Foundation
import Tabular

/// Looks whether training has come to nothing although all its numbers stayed finite.
///
/// Two signs. Most of the columns in which learned rows vary have one value in all generated ones: where
/// one learned row in fifty differs from the most frequent value, 2,000 generated rows that all agree come
/// about by chance with a probability of 0.98^2000, below 1e-17 for each column. (A single such column is no
/// sign: after a few steps a rare level may not have come up yet.) And losses that have left every sensible
/// range: those of all objectives are of the order of 1 to 1,000, an exploding network's grow without bound.
package struct CollapseWatch {
  /// Columns of the learned rows that vary.
  private let varying: [String]

  private static let sampledRows = 20_000
  private static let leastShare = 0.02
  private static let greatestLoss: Float = 1e6
  /// Fewer generated rows may agree by chance.
  package static let fewestRows = 1000

  package init(learned table: Table) {
    let count = min(table.rowCount, Self.sampledRows)
    let rows = (0..<count).map { $0 * table.rowCount / count }
    varying = table.columns.filter { column in
      var counts: [Double: Int] = [:]
      for row in rows { counts[Self.value(of: column, row), default: 0] += 1 }
      return Double(count - (counts.values.max() ?? 0)) >= Self.leastShare * Double(count)
    }.map(\.name)
  }

  /// What is wrong with a model, by some of its rows and its last losses; nil where nothing is.
  package func result(of generated: Table, losses: [Float]) -> CollapseResult? {
    var constant: [String] = []
    if generated.rowCount >= Self.fewestRows {
      constant = varying.filter { name in
        guard let column = generated[name] else { return false }
        let first = Self.value(of: column, 0)
        return (1..<generated.rowCount).allSatisfy { Self.value(of: column, $0) == first }
      }
    }
    if 2 * constant.count <= varying.count { constant = [] }
    let isExploded = losses.contains { !(abs($0) <= Self.greatestLoss) }
    if constant.isEmpty && !isExploded { return nil }
    return CollapseResult(constantColumns: constant, lossesExploded: isExploded)
  }

  /// What a row holds, as a number that equals itself: a missing value is one, too.
  private static func value(of column: Column, _ row: Int) -> Double {
    switch column.values {
    case .number(let values), .datetime(let values):
      values[row].isNaN ? .infinity : values[row]
    case .text(let codes, _): Double(codes[row])
    }
  }
}

/// How training has come to nothing, as `--json` prints it.
package struct CollapseResult: Codable, Equatable {
  /// Columns that vary in the learned rows and have one value in all generated ones.
  package var constantColumns: [String]
  package var lossesExploded: Bool

  /// What the user should know at once.
  var warning: String {
    var signs: [String] = []
    if lossesExploded { signs.append("the losses have grown out of all bounds") }
    if !constantColumns.isEmpty {
      let names = constantColumns.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      let more = constantColumns.count > 5 ? " and \(constantColumns.count - 5) more" : ""
      signs.append(
        "every generated row has the same \(names)\(more), although the learned rows differ there")
    }
    return """
      training has come to nothing: \(signs.joined(separator: ", and ")). Train with a smaller \
      learning rate (--set, as in generatorOptimizer.adam.learningRate=1e-4), more steps, or another \
      --preset
      """
  }
}
