// SPDX-License-Identifier: Apache-2.0

import Charts
import Foundation

/// The charts and tables of a machine's results, as one page and as drawings.
struct ResultPage {
  /// The runs of the kernels, of peers and of training steps that are shown.
  let kernels: BenchResult?
  let peers: BenchResult?
  let training: BenchResult?

  /// The last of each in a file.
  init(_ file: ResultFile) {
    kernels = file.runs.last { !$0.operations.isEmpty }
    peers = file.runs.last { $0.peers != nil }
    training = file.runs.last { $0.training != nil }
  }

  /// The drawings with a name for a file of their own.
  var charts: [(name: String, caption: String, svg: String)] {
    var charts: [(String, String, String)] = []
    func add(_ name: String, _ caption: String, _ svg: String?) {
      if let svg { charts.append((name, caption, svg)) }
    }
    if let kernels {
      add(
        "roofline",
        "A point cannot lie above the roof of the level that holds its operands; the distance to "
          + "it is what is lost.", RooflineChart(result: kernels).svg())
      let scaling = ThreadScalingChart(result: kernels)
      let ideal = "The dashed line is what threads without any loss would give."
      add("threads-dense", ideal, scaling.svg("dense layers", OperationGroup.products))
      add("threads-other", ideal, scaling.svg("other kernels", OperationGroup.others))
      add(
        "instruction-sets", "Where memory is the limit, wider vectors help little.",
        InstructionSetLadder(result: kernels).svg())
    }
    for chart in peers.map({ PeerChart(result: $0).svgs() }) ?? [] {
      add("peers-\(chart.threads)", "Longer is faster.", chart.svg)
    }
    for chart in training.map({ StepChart(result: $0).svgs() }) ?? [] {
      add("training-\(chart.objective)", "Longer is faster.", chart.svg)
    }
    return charts
  }

  var html: String {
    let machine = (kernels ?? peers ?? training)?.machine
    var page = HTMLPage(title: "Kernels on \(machine?.processor ?? "an unknown machine")")
    let headlines = [("kernels", kernels), ("peers", peers), ("training step", training)]
    page.addList(headlines.compactMap { name, run in run.map { "\(name): \(Headline($0).text)" } })
    if let shown = kernels ?? peers ?? training {
      page.addPreformatted(ResultSummary(shown).machine)
    }
    let charts = charts
    func addFigures(_ prefix: [String]) {
      for chart in charts where prefix.contains(where: { chart.name.hasPrefix($0) }) {
        page.addFigure(svg: chart.svg, caption: chart.caption)
      }
    }
    if let kernels {
      let summary = ResultSummary(kernels)
      page.addHeading("Kernels")
      page.addParagraph(Self.conditions(kernels))
      addFigures(["roofline", "threads", "instruction-sets"])
      page.addParagraph(summary.legend(all: false))
      add(summary.caseTable, to: &page)
    }
    if let run = peers, let report = run.peers {
      let summary = PeerSummary(report, limits: run.limits)
      page.addHeading("Beside other libraries")
      page.addParagraph(
        Self.conditions(run)
          + " ratio: the time of the fastest peer over ours; below 1 is a loss, and marked so. The "
          + "second ratio is between entries that take row-major weights.")
      add(summary.peerTable, to: &page)
      addFigures(["peers"])
      page.addList(summary.means)
      add(summary.table, to: &page)
    }
    if let run = training, let report = run.training {
      let summary = StepSummary(report, limits: run.limits)
      page.addHeading("A training step")
      page.addParagraph(
        Self.conditions(run) + " ratio: the time of the fastest peer over ours.")
      if !report.peers.isEmpty { add(summary.peerTable, to: &page) }
      addFigures(["training"])
      if !summary.means.isEmpty { page.addList(summary.means) }
      add(summary.table, to: &page)
    }
    if let kernels {
      let summary = ResultSummary(kernels)
      page.addHeading("Limits of the machine")
      add(summary.limitTable, to: &page)
      page.addHeading("Every line")
      add(summary.lineTable, to: &page)
    }
    return page.html
  }

  private func add(_ table: TextTable, to page: inout HTMLPage) {
    page.addTable(headers: table.titles, rows: table.rows)
  }

  /// When it was measured, and how quiet the machine was.
  private static func conditions(_ run: BenchResult) -> String {
    let settings = run.settings
    let loads = [settings.loadAverageAtStart, settings.loadAverageAtEnd].compactMap { $0 }
    let load =
      loads.isEmpty
      ? "" : ", load average " + loads.map { "\($0)" }.joined(separator: " before and ") + " after"
    return "Measured \(run.date.formatted(.iso8601)): at least \(settings.rounds) samples of each, "
      + "taken in turn within \(Format.fixed(settings.elapsedSeconds, digits: 0)) s\(load)."
  }
}
