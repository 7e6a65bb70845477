// SPDX-License-Identifier: Apache-2.0

extension TableEncoder {
  /// What the categories of a softmax span stand for, in their order; a missing value is "", a
  /// group of rare categories "like" its most frequent one. Empty for a scalar.
  public func categoryNames(ofSpan span: Int) -> [String] {
    let column = columns[spans[span].column]
    return column.encoder.encoder.categories(ofSpan: spanNumbers[span]).map(column.text)
  }

  /// The names of the categories of a categorical span, which a generator can be conditioned on;
  /// empty for any other span. A missing value is "", a group of rare categories "like" its most
  /// frequent one.
  public func categories(ofSpan span: Int) -> [String] {
    spans[span].isCategory ? categoryNames(ofSpan: span) : []
  }

  /// The span that holds a column's categories, nil where it is no categorical column.
  public func categorySpan(ofColumn name: String) -> Int? {
    spans.firstIndex { $0.isCategory && columns[$0.column].name == name }
  }

  /// The values that a categorical span can stand for; nil for any other span, and where the span
  /// holds what a relation leaves of the column rather than its values. O(categories).
  public func categoryValues(ofSpan span: Int) -> CategoryValues? {
    let column = columns[spans[span].column]
    guard case .category(let encoder) = column.encoder,
      !relations.contains(where: { $0.target == column.name })
    else { return nil }
    var values: [Double] = []
    var positions: [Int] = []
    for (position, category) in encoder.categories(ofSpan: 0).enumerated() {
      let own: [Double] =
        switch category {
        case .value(let value): [value]
        case .values(let values): values
        case .missing, .named: [.nan]
        }
      values += own
      positions += own.map { _ in position }
    }
    return CategoryValues(
      values: column.column(values, rows: Array(values.indices), seed: 0),
      names: values.map { column.text($0.isNaN ? .missing : .value($0)) }, positions: positions)
  }

  /// What each position of the encoded row stands for, as "column/span/category": equal labels in
  /// two encoders mean the same thing. A mixture's modes are identified by their number only,
  /// groups of rare categories by their most frequent one.
  public var positionLabels: [String] {
    spans.indices.flatMap { s -> [String] in
      let prefix = "\(columns[spans[s].column].name)/\(spanNumbers[s])/"
      let names = categoryNames(ofSpan: s)
      return names.isEmpty ? [prefix] : names.map { prefix + $0 }
    }
  }
}
