// SPDX-License-Identifier: Apache-2.0

import Charts
import Foundation
import NumericCore
import Tabular
import TabularGAN

/// The page of an experiment: its figures, its numbers, its plan.
struct ExperimentPage {
  private struct Figure {
    var file: String
    var heading: String
    var caption: String
    var svg: String
  }

  private let plan: ExperimentPlan
  private let data: ExperimentData
  private let results: [RunResult]
  private let folder: ExperimentFolder
  private var figures: [Figure] = []
  private var locations: [(name: String, shares: LocationShares)] = []

  /// Draws the figures.
  ///
  /// The maps show rows that the models generate again from the plan's seed.
  init(
    plan: ExperimentPlan, data: ExperimentData, results: [RunResult], folder: ExperimentFolder,
    context: ComputeContext
  ) throws {
    (self.plan, self.data, self.results, self.folder) = (plan, data, results, folder)
    guard let largest = results.last(where: { $0.run.start == .scratch }) else { return }
    figures.append(
      Figure(
        file: "figure1-architecture.svg", heading: "Figure 1: the architecture as trained",
        caption:
          "Noise becomes generated rows; the discriminator tries to separate them from real ones. This "
          + "is the run from scratch on \(NumberText.grouped(largest.run.size)) rows.",
        svg: ArchitectureFigure.svg(largest.training)))
    figures.append(
      Figure(
        file: "figure3-training.svg", heading: "Figure 3: training",
        caption: "Near 0.5 the discriminator cannot tell; far below it has seen through the "
          + "generator, and a fall by powers of ten is a collapse. Single iterations, nothing is "
          + "smoothed. The scores of a Wasserstein or relativistic discriminator have no zero of their "
          + "own: there it is the probability of being more real than the average real row. "
          + "A warm start begins with the weights of the size before it.",
        svg: try TrainingFigure(results: results, folder: folder).svg))
    try addMap(context)
    let quality = QualityFigure(results: results)
    figures.append(
      Figure(
        file: "figure5-quality.svg", heading: "Figure 5: quality",
        caption: "Shape and trend errors against the rows that were trained on; a classifier's "
          + "area under the ROC curve against rows that no run has seen (0.5: it cannot "
          + "distinguish them, 1: it always can).", svg: quality.quality))
    figures.append(
      Figure(
        file: "figure6-utility.svg", heading: "Figure 6: utility and memorization",
        caption:
          "A model trained on generated rows (TSTR) and one trained on as many real rows (TRTR), "
          + "both scored on real rows; and the share of generated rows that are closer to a "
          + "training row than to a holdout row (DCR share). Scores below -1 stand only in the table.",
        svg: quality.utility))
  }

  private mutating func addMap(_ context: ComputeContext) throws {
    guard let map = JourneyMap(data.holdout) else { return }
    let order = RowSubset(count: data.holdout.rowCount, seed: plan.seed)
    // Some rows more than are drawn, for those without coordinates.
    let rows = 2 * JourneyMap.arrows
    let real = data.holdout.selecting(rows: order.first(min(rows, data.holdout.rowCount)))
    var panels = [map.panel("real, not trained on", real)]
    addLocations("real", data.holdout)
    for result in results {
      let model = try TabularSynthesizer.load(from: folder.model(result.run), in: context)
      let generated = try model.sample(rows: 0..<rows, seed: plan.seed, in: context)
      let name = "\(NumberText.grouped(result.run.size)) rows, \(result.run.start.label)"
      if result.run.size == plan.sizes.last {
        panels.append(map.panel("generated, \(name)", generated))
      }
      addLocations(name, generated)
    }
    figures.append(
      Figure(
        file: "figure4-map.svg", heading: "Figure 4: the map",
        caption: map.caption, svg: map.svg(panels)))
  }

  /// Adds the locations of a table's first kind of location, where a domain knows any.
  private mutating func addLocations(_ name: String, _ table: Table) {
    for domain in Domains.all {
      if let shares = domain.locations(in: table).first { locations.append((name, shares)) }
    }
  }

  /// Writes the figures and, last, the page.
  func write() throws {
    for figure in figures {
      try AtomicTextFile.write(
        figure.svg, to: folder.figures + "/" + figure.file, followsLinks: false)
    }
    try AtomicTextFile.write(html, to: folder.page, followsLinks: false)
  }

  /// What the command says at its end.
  var text: String {
    ResultTable(results).text + "\nthe page with all figures: \(VisibleText.line(folder.page))\n"
  }

  private var html: String {
    let name = URL(fileURLWithPath: plan.file.path).lastPathComponent
    var page = HTMLPage(title: "More and more rows: \(name)")
    page.addParagraph(
      "Preset \(plan.preset.rawValue), trained on \(list(plan.sizes)) rows, each size from scratch "
        + "and from the second size on also with a warm start. "
        + "\(NumberText.grouped(plan.generated)) rows were generated from each model and evaluated "
        + "against \(NumberText.grouped(data.holdout.rowCount)) real rows that no run has seen.")
    page.addPreformatted(plan.command(output: folder.path))
    for figure in figures {
      page.addHeading(figure.heading)
      page.addFigure(svg: figure.svg, caption: figure.caption)
      if figure.file.contains("map") { addLocations(to: &page) }
    }
    page.addHeading("All numbers")
    let table = ResultTable(results)
    page.addTable(headers: ResultTable.quality, rows: table.qualityRows)
    page.addTable(headers: ResultTable.training, rows: table.trainingRows)
    page.addHeading("The data")
    page.addPreformatted(data.text)
    page.addHeading("The plan")
    page.addPreformatted((try? JSONText.of(plan)) ?? "")
    return page.html
  }

  private func addLocations(to page: inout HTMLPage) {
    guard let first = locations.first else { return }
    page.addTable(
      headers: ["\(first.shares.name), % of those with coordinates"]
        + first.shares.areas.map(\.name),
      rows: locations.map { [$0.name] + LocationTable.percentages($0.shares) })
  }

  private func list(_ sizes: [Int]) -> String {
    sizes.map(NumberText.grouped).joined(separator: " / ")
  }
}
