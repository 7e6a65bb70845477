// SPDX-License-Identifier: Apache-2.0

extension Table {
  /// The rows of tables with the same columns, one table after the other. O(columns x rows).
  ///
  /// - Throws: ``TabularError/invalidTable(_:hint:)`` where names, their order or types differ.
  public init(joining tables: [Table]) throws(TabularError) {
    guard let first = tables.first else {
      try self.init(columns: [])
      return
    }
    var columns: [Column] = []
    for (c, column) in first.columns.enumerated() {
      var parts: [Column] = []
      for table in tables {
        guard table.columns.count == first.columns.count, table.columns[c].name == column.name
        else { throw .invalidTable("tables with other columns cannot be joined") }
        parts.append(table.columns[c])
      }
      columns.append(try Column(joining: parts, name: column.name))
    }
    try self.init(columns: columns)
  }
}

extension Column {
  /// The values of columns of one type. Texts keep a list of categories that all columns share;
  /// else each text has one category, whichever column it comes from.
  fileprivate init(joining columns: [Column], name: String) throws(TabularError) {
    if let joined = Self.joiningEqualCategories(columns) {
      self.init(name: name, values: joined)
      return
    }
    var numbers: Numbers = []
    var codes: [Int32] = []
    var categories: [String] = []
    var indices: [String: Int32] = [:]
    let isTime = if case .datetime = columns[0].values { true } else { false }
    let isText = if case .text = columns[0].values { true } else { false }
    for column in columns {
      switch column.values {
      case .number(let values) where !isTime && !isText: numbers.append(contentsOf: values)
      case .datetime(let values) where isTime: numbers.append(contentsOf: values)
      case .text(let own, let texts) where isText:
        // Only categories that a row has: keys that were never kept would pile up.
        var index = [Int32](repeating: -1, count: texts.count)
        for code in own {
          guard code >= 0 else {
            codes.append(-1)
            continue
          }
          if index[Int(code)] < 0 {
            let text = texts[Int(code)]
            let new = Int32(categories.count)
            index[Int(code)] = indices[text] ?? new
            if indices[text] == nil {
              indices[text] = new
              categories.append(text)
            }
          }
          codes.append(index[Int(code)])
        }
      default: throw .invalidTable("column '\(name)' is of another type in another table")
      }
    }
    let values: Values =
      isText
      ? .text(codes: codes, categories: categories) : isTime ? .datetime(numbers) : .number(numbers)
    self.init(name: name, values: values)
  }

  /// The values of text columns with the same categories in the same order; nil for others.
  private static func joiningEqualCategories(_ columns: [Column]) -> Values? {
    guard case .text(_, let categories) = columns[0].values else { return nil }
    var codes: [Int32] = []
    for column in columns {
      guard case .text(let own, let texts) = column.values, texts == categories else { return nil }
      codes += own
    }
    return .text(codes: codes, categories: categories)
  }
}
