import Charts
import Foundation
import Tabular

/// The numbers of an experiment, a line for each run.
struct ResultTable {
  private let results: [RunResult]

  init(_ results: [RunResult]) { self.results = results }

  static let quality = [
    "rows", "start", "shape %", "shape floor", "trend %", "trend floor",
    "trend control", "AUC", "AUC floor", "AUC control", "usefulness", "usefulness floor",
    "copying", "copies",
  ]
  static let training = [
    "rows", "start", "epochs", "iterations", "seconds", "rows/s", "loss D", "loss G", "D(real)",
    "D(generated)", "parameters G", "parameters D",
  ]

  var qualityRows: [[String]] {
    results.map { result in
      let q = result.quality
      return [
        NumberText.grouped(result.run.size), result.run.start.label,
        decimals(q.shape.synthetic.mean, 2), decimals(q.shape.floor.mean, 2),
        decimals(q.trend.synthetic.mean, 2), decimals(q.trend.floor.mean, 2),
        decimals(q.trend.control?.mean, 2), decimals(q.detection?.synthetic.auc, 4),
        decimals(q.detection?.floor.auc, 4), decimals(q.detection?.control?.auc, 4),
        decimals(q.usefulness?.trainedOnSynthetic, 3), decimals(q.usefulness?.trainedOnReal, 3),
        decimals(q.copying?.share, 3), q.copying.map { "\($0.duplicatesOfTrain)" } ?? "",
      ]
    }
  }

  var trainingRows: [[String]] {
    results.map { result in
      let training = result.training
      let last = training.last
      return [
        NumberText.grouped(result.run.size), result.run.start.label, "\(last.epoch)",
        NumberText.grouped(last.step), decimals(last.seconds, 1),
        NumberText.grouped(Int(training.rowsPerSecond)),
        NumberText.metric(last.discriminatorLoss), NumberText.metric(last.generatorLoss),
        NumberText.metric(last.probabilityReal), NumberText.metric(last.probabilityFake),
        NumberText.grouped(training.outline.generatorParameters),
        NumberText.grouped(training.outline.discriminatorParameters),
      ]
    }
  }

  /// The scores for a terminal, without their controls.
  var text: String {
    let shown = Self.quality.indices.filter { !Self.quality[$0].hasSuffix("control") }
    var table = TextTable(
      shown.map { column in
        let title = Self.quality[column]
        let shown = title.hasSuffix("floor") ? "(floor)" : title
        return column == 1 ? .left(shown) : .right(shown)
      })
    for row in qualityRows { table.append(shown.map { VisibleText.line(row[$0]) }) }
    return table.rendered() + "\n"
  }

  private func decimals(_ value: Double?, _ digits: Int) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? ""
  }
}
