/// Makes keys anew: real ones are never repeated. Numbers go on from the greatest real one; texts
/// get the real ones' common beginning and a running number.
struct IdentifierSequence: Sendable, Codable {
  private let prefix: String?
  private let first: Int

  init(_ column: Column) {
    switch column.values {
    case .number(let values), .datetime(let values):
      prefix = nil
      let greatest = values.reduce(0) { $1.isNaN ? $0 : max($0, $1) }
      first = greatest < 1e15 ? Int(greatest) + 1 : 1
    case .text(_, let levels):
      var common = levels.first ?? ""
      for level in levels {
        while !level.hasPrefix(common) { common.removeLast() }
      }
      while let last = common.last, last.isNumber { common.removeLast() }
      prefix = common
      let numbers = levels.compactMap { Int($0.dropFirst(common.count)) }
      first = (numbers.max() ?? 0) &+ 1
    }
  }

  /// The keys of generated rows.
  func column(name: String, rows: Range<Int>) -> Column {
    guard let prefix else {
      return Column(name: name, values: .number(rows.map { Double(first + $0) }))
    }
    return Column(
      name: name,
      values: .text(
        codes: (0..<Int32(rows.count)).map { $0 }, levels: rows.map { "\(prefix)\(first + $0)" }))
  }
}
