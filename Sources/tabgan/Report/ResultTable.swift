// SPDX-License-Identifier: Apache-2.0

import Charts
import Foundation
import Tabular

/// The numbers of an experiment, a line for each run.
struct ResultTable {
  private let results: [RunResult]

  init(_ results: [RunResult]) { self.results = results }

  static let quality = [
    "rows", "start", "shape %", "shape holdout", "trend %", "trend holdout",
    "trend independent", "AUC", "AUC holdout", "AUC independent", "TSTR", "TRTR", "DCR share",
    "copies",
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
        decimals(q.shape.synthetic.mean, 2), decimals(q.shape.holdoutBaseline.mean, 2),
        decimals(q.trend.synthetic.mean, 2), decimals(q.trend.holdoutBaseline.mean, 2),
        decimals(q.trend.independentColumnsBaseline?.mean, 2), decimals(q.c2st?.synthetic.auc, 4),
        decimals(q.c2st?.holdoutBaseline.auc, 4),
        decimals(q.c2st?.independentColumnsBaseline?.auc, 4),
        decimals(q.utility?.trainedOnSynthetic, 3), decimals(q.utility?.trainedOnReal, 3),
        decimals(q.memorization?.dcrShare, 3),
        q.memorization.map { "\($0.duplicatesOfTrain)" } ?? "",
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
        NumberText.metric(last.probabilityReal), NumberText.metric(last.probabilityGenerated),
        NumberText.grouped(training.outline.generatorParameters),
        NumberText.grouped(training.outline.discriminatorParameters),
      ]
    }
  }

  /// The scores for a terminal, without their independent-columns baselines.
  var text: String {
    let shown = Self.quality.indices.filter { !Self.quality[$0].hasSuffix("independent") }
    var table = TextTable(
      shown.map { column in
        let title = Self.quality[column]
        let shown = title.hasSuffix("holdout_baseline") ? "(floor)" : title
        return column == 1 ? .left(shown) : .right(shown)
      })
    for row in qualityRows { table.append(shown.map { VisibleText.line(row[$0]) }) }
    return table.rendered() + "\n"
  }

  private func decimals(_ value: Double?, _ digits: Int) -> String {
    value.map { String(format: "%.\(digits)f", $0) } ?? ""
  }
}
