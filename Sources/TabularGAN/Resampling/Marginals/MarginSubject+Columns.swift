import TabularEncoding

extension MarginSubject {
  /// Why a table with the encoder's columns cannot have this marginal; nil if it can.
  package func flaw(in encoder: TableEncoder, derived: DerivedFeatures) -> String? {
    if case .feature(let number) = self, !derived.features.indices.contains(number) {
      return "there is no derived feature \(number)"
    }
    if case .surplus(let surplus) = self, !(surplus.rate > 0 && surplus.rate.isFinite) {
      return "the rate of a straight line is \(surplus.rate)"
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
    case .place(let grid): grid.place.names
    case .isolation(let isolation): isolation.place.names
    case .surplus(let surplus): [surplus.quantity] + surplus.from.names + surplus.to.names
    }
  }
}
