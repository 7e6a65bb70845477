// SPDX-License-Identifier: Apache-2.0

import TabularEncoding

extension MarginalSubject {
  /// Why a table with the encoder's columns cannot have this marginal; nil if it can.
  package func validationProblem(in encoder: TableEncoder, derived: DerivedFeatures) -> String? {
    if case .feature(let number) = self, !derived.features.indices.contains(number) {
      return "there is no derived feature \(number)"
    }
    if case .excess(let excess) = self, !(excess.rate > 0 && excess.rate.isFinite) {
      return "the rate of a straight line is \(excess.rate)"
    }
    let names = encoder.columnNames
    return columns.first { !names.contains($0) }.map { "there is no column '\($0)'" }
  }

  /// The columns of the marginal.
  private var columns: [String] {
    switch self {
    case .column(let name), .part(let name, _): [name]
    case .gap(let from, let to): [from, to]
    case .feature: []
    case .location(let grid): grid.location.names
    case .isolation(let isolation): isolation.location.names
    case .excess(let excess): [excess.quantity] + excess.from.names + excess.to.names
    }
  }
}
