extension TableEncoder {
  /// What the levels of a softmax span stand for, in their order; a missing value is "". Empty for a
  /// scalar.
  public func levelNames(ofSpan span: Int) -> [String] {
    let column = columns[spans[span].column]
    return column.encoder.encoder.levels(ofSpan: spanNumbers[span]).map(column.text)
  }

  /// The names of the levels of a categorical span, which a generator can be conditioned on; empty
  /// for any other span. A missing value is "".
  public func categoryLevels(ofSpan span: Int) -> [String] {
    spans[span].isCategory ? levelNames(ofSpan: span) : []
  }

  /// The span that holds a column's categories, nil where it is no categorical column.
  public func categorySpan(ofColumn name: String) -> Int? {
    spans.firstIndex { $0.isCategory && columns[$0.column].name == name }
  }

  /// The levels of a categorical span as values of its column, in their order; nil for any other span,
  /// and where the span holds what a relation leaves of the column rather than its values.
  public func categoryValues(ofSpan span: Int) -> Column? {
    let column = columns[spans[span].column]
    guard case .category(let encoder) = column.encoder,
      !relations.contains(where: { $0.target == column.name })
    else { return nil }
    let values = encoder.levels + (encoder.hasMissing ? [.nan] : [])
    return column.column(values, rows: 0..<values.count)
  }

  /// What each position of the encoded row stands for, as "column/span/level": equal labels in two
  /// encoders mean the same thing. A mixture's modes are told apart by their number only.
  public var positionLabels: [String] {
    spans.indices.flatMap { s -> [String] in
      let prefix = "\(columns[spans[s].column].name)/\(spanNumbers[s])/"
      let names = levelNames(ofSpan: s)
      return names.isEmpty ? [prefix] : names.map { prefix + $0 }
    }
  }
}
