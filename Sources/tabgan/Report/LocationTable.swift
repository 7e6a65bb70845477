// SPDX-License-Identifier: Apache-2.0

import Charts
import Foundation
import Tabular

/// Where rows are located, real beside synthetic, in percent of the locations.
struct LocationTable {
  private var table: TextTable

  /// Nil if no domain locates the rows of both tables.
  init?(real: Table, synthetic: Table) {
    guard let domain = Domains.all.first(where: { !$0.locations(in: real).isEmpty }) else {
      return nil
    }
    let (real, synthetic) = (domain.locations(in: real), domain.locations(in: synthetic))
    guard !synthetic.isEmpty else { return nil }
    table = TextTable([.left("places, %")] + real[0].areas.map { .right($0.name) })
    for (synthetic, real) in zip(synthetic, real) {
      table.append(["\(real.name), synthetic"] + Self.percentages(synthetic))
      table.append(["\(real.name), real holdout"] + Self.percentages(real))
    }
  }

  /// The shares as texts.
  static func percentages(_ shares: LocationShares) -> [String] {
    shares.areas.map { String(format: "%.2f", $0.percent) }
  }

  var text: String { table.rendered() + "\n" }
}
