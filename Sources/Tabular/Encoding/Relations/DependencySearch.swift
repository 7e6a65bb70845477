/// Finds the columns that one or two others determine.
///
/// A column is determined where no more than 0.1 % of the rows have another value than the one that
/// goes with the others' values most often, and where that is no matter of course: guessing its most
/// frequent value errs in at least 2 % of the rows and ten times as often, and most rows have company
/// in their key. Single columns are tried before pairs, and coarse ones before fine ones: a pair determines the
/// finest column that it can. O(columns² x
/// rows) for single columns, O(columns³ x rows) for pairs of those with few values.
struct DependencySearch {
  private static let greatestError = 0.001
  private static let leastGuessError = 0.02
  private static let guessFactor = 10.0
  /// A key has so many rows in the mean.
  private static let rowsPerKey = 4
  private static let mostTargetValues = 4096
  /// Of a column in a pair.
  private static let mostPairValues = 512
  private static let mostKeys = 50_000

  /// A column as numbers of its distinct values.
  private struct Coded {
    let name: String
    let values: [Double]
    let codes: [Int32]
    let distinct: Int
    let hasMissing: Bool
    /// The share of rows without the most frequent value.
    let guessError: Double
  }

  private let columns: [Coded]
  private let targets: Set<String>
  private let rows: Int

  /// - Parameters:
  ///   - targets: columns that may be computed.
  ///   - determinants: columns that may determine them.
  init(table: Table, targets: Set<String>, determinants: Set<String>) {
    rows = table.rowCount
    self.targets = targets
    columns = table.columns.filter { determinants.contains($0.name) || targets.contains($0.name) }
      .compactMap { column in
        let values = EncodedColumn.numbers(of: column)
        var places: [Double: Int32] = [:]
        var counts: [Int] = []
        var codes: [Int32] = []
        codes.reserveCapacity(values.count)
        let most = values.count / Self.rowsPerKey
        for value in values {
          let key = value.isNaN ? -.infinity : value + 0
          if let place = places[key] {
            codes.append(place)
            counts[Int(place)] += 1
          } else {
            if counts.count > most { return nil }
            places[key] = Int32(counts.count)
            codes.append(Int32(counts.count))
            counts.append(1)
          }
        }
        return Coded(
          name: column.name, values: values, codes: codes, distinct: counts.count,
          hasMissing: places[-.infinity] != nil,
          guessError: 1 - Double(counts.max() ?? 0) / Double(max(values.count, 1)))
      }
  }

  /// None of whose determinants is the target of another.
  func dependencies() -> [FunctionalDependency] {
    var found: [FunctionalDependency] = []
    var determined: Set<String> = []
    var determining: Set<String> = []
    // Of columns that determine each other the first remains.
    let order = columns.indices.sorted {
      (columns[$0].distinct, -$0) < (columns[$1].distinct, -$1)
    }
    func take(_ target: Coded, _ parts: [Coded]) {
      determined.insert(target.name)
      determining.formUnion(parts.map(\.name))
      found.append(
        FunctionalDependency(
          target: target.name, values: target.values.map { $0 + 0 },
          determinants: parts.map(\.name), parts: parts.map { $0.values.map { $0 + 0 } }))
    }
    for size in 1...2 {
      for index in size == 1 ? order : order.reversed() {
        let target = columns[index]
        guard targets.contains(target.name), !target.hasMissing,
          target.distinct <= Self.mostTargetValues, target.guessError >= Self.leastGuessError,
          !determined.contains(target.name), !determining.contains(target.name)
        else { continue }
        let others = order.filter { $0 != index && !determined.contains(columns[$0].name) }
          .map { columns[$0] }
        let candidates: [[Coded]] =
          size == 1
          ? others.filter { $0.distinct >= target.distinct }.map { [$0] }
          : Self.pairs(others.filter { $0.distinct <= Self.mostPairValues })
            .filter { $0[0].distinct * $0[1].distinct >= target.distinct }
        if let parts = candidates.first(where: { determines($0, target) }) { take(target, parts) }
      }
    }
    return found
  }

  private static func pairs(_ columns: [Coded]) -> [[Coded]] {
    columns.indices.flatMap { i in
      columns[(i + 1)...].map { [columns[i], $0] }
    }
  }

  private func determines(_ parts: [Coded], _ target: Coded) -> Bool {
    let most = Self.greatestError * Double(rows)
    // The first value of a key stands for its most frequent one: an exact count for what holds in
    // every row, and enough to turn down at once what does not hold at all.
    var first: [Int32]
    var mismatches = 0
    var keys: [Int32] = []
    if parts.count == 1 {
      keys = parts[0].codes
      first = Array(repeating: -1, count: parts[0].distinct)
    } else {
      let width = Int32(parts[1].distinct)
      first = Array(repeating: -1, count: parts[0].distinct * parts[1].distinct)
      keys = zip(parts[0].codes, parts[1].codes).map { $0 * width + $1 }
    }
    for (row, key) in keys.enumerated() {
      let value = target.codes[row]
      if first[Int(key)] < 0 {
        first[Int(key)] = value
      } else if first[Int(key)] != value {
        mismatches += 1
        // Far beyond what an unlucky first value explains.
        if mismatches > 500 && Double(mismatches) > 0.2 * Double(row) { return false }
      }
    }
    var counts: [Int64: Int] = [:]
    var totals = [Int](repeating: 0, count: first.count)
    for (row, key) in keys.enumerated() {
      counts[Int64(key) << 32 | Int64(target.codes[row]), default: 0] += 1
      totals[Int(key)] += 1
    }
    var best = [Int](repeating: 0, count: first.count)
    for (pair, count) in counts where count > best[Int(pair >> 32)] {
      best[Int(pair >> 32)] = count
    }
    var (errors, company, used) = (0, 0, 0)
    for (total, best) in zip(totals, best) where total > 0 {
      used += 1
      guard total > 1 else { continue }
      errors += total - best
      company += total - 1
    }
    guard used <= Self.mostKeys, 2 * company >= rows, used * 2 <= rows else { return false }
    let error = Double(errors) / Double(company)
    return Double(errors) <= most && error <= Self.greatestError
      && target.guessError >= Self.guessFactor * error
  }
}
