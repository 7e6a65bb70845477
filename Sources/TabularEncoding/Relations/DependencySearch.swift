// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Finds the columns that one or two others determine.
///
/// A column is determined by others if at most 0.1 % of the rows differ from the most frequent
/// value for their key, and if this is not trivial: guessing the column's most frequent value must
/// be wrong in at least 2 % of the rows and ten times as often, and most rows must share their key
/// with others. The same must hold among the rows without missing determinants, where guessing must
/// be wrong in at least ten rows. Single columns are tried before pairs, and coarse columns before
/// fine ones, so a pair determines the finest column that it can. O(columns² x rows) for single
/// columns, O(columns³ x rows) for pairs of columns with few values. With more than 64 columns,
/// only pairs within 16 places of the target are tried, and only single columns that 64 probe rows
/// do not refute.
struct DependencySearch {
  private static let maxError = 0.001
  private static let minGuessError = 0.02
  private static let guessFactor = 10.0
  /// The minimum mean number of rows per key.
  private static let rowsPerKey = 4
  private static let maxTargetValues = 4096
  /// Limit on the distinct values of a column in a pair.
  private static let maxPairValues = 512
  private static let maxKeys = 50_000
  /// Guessing must be wrong in at least this many rows without missing determinants.
  private static let minInformativeRows = 10.0
  static let maxColumnsInAllPairs = 64
  static let pairWindow = 16

  /// A column as numbers of its distinct values.
  private struct Coded {
    let name: String
    /// The column's index in the table.
    let position: Int
    let values: [Double]
    let codes: [Int32]
    package let distinct: Int
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
    columns = table.columns.enumerated()
      .filter { determinants.contains($1.name) || targets.contains($1.name) }
      .compactMap { position, column in
        let values = column.encodableNumbers
        var positions: [Double: Int32] = [:]
        var counts: [Int] = []
        var codes: [Int32] = []
        codes.reserveCapacity(values.count)
        let maximum = values.count / Self.rowsPerKey
        for value in values {
          let key = value.isNaN ? -.infinity : value + 0
          if let position = positions[key] {
            codes.append(position)
            counts[Int(position)] += 1
          } else {
            if counts.count > maximum { return nil }
            positions[key] = Int32(counts.count)
            codes.append(Int32(counts.count))
            counts.append(1)
          }
        }
        return Coded(
          name: column.name, position: position, values: values, codes: codes,
          distinct: counts.count,
          hasMissing: positions[-.infinity] != nil,
          guessError: 1 - Double(counts.max() ?? 0) / Double(max(values.count, 1)))
      }
  }

  /// Dependencies, none of whose determinants is the target of another.
  ///
  /// - Parameter onProgress: called with the share of the columns that were tried; an error it
  ///   throws ends the search.
  func dependencies(
    onProgress: (Double) throws -> Void
  ) rethrows -> [FunctionalDependency] {
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
    let isWide = columns.count > Self.maxColumnsInAllPairs
    for size in 1...2 {
      for (done, index) in (size == 1 ? order : order.reversed()).enumerated() {
        try onProgress(0.5 * (Double(size - 1) + Double(done) / Double(order.count)))
        let target = columns[index]
        guard targets.contains(target.name), !target.hasMissing,
          target.distinct <= Self.maxTargetValues, target.guessError >= Self.minGuessError,
          !determined.contains(target.name), !determining.contains(target.name)
        else { continue }
        let others = order.filter { $0 != index && !determined.contains(columns[$0].name) }
          .map { columns[$0] }
        let candidates: [[Coded]] =
          size == 1
          ? others.filter { $0.distinct >= target.distinct }.map { [$0] }
          : Self.pairs(
            others.filter {
              $0.distinct <= Self.maxPairValues
                && (!isWide || abs($0.position - target.position) <= Self.pairWindow)
            }
          )
          .filter { $0[0].distinct * $0[1].distinct >= target.distinct }
        if let parts = candidates.first(where: {
          (!isWide || mayDetermine($0, target)) && determines($0, target)
        }) {
          take(target, parts)
        }
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
    // A few rows turn down at once what does not hold at all.
    let stride = max(rows / Self.sampledRows, 1)
    let sampled = (rows + stride - 1) / stride
    let allowed = Int(Self.sampledError * Double(sampled))
    guard exceptions(parts, target, every: stride, maximum: allowed) != nil,
      let found = exceptions(
        parts, target, every: 1, maximum: Int(Self.maxError * Double(rows)))
    else { return false }
    let sharedRows = rows - found.keys
    let error = Double(found.count) / Double(max(sharedRows, 1))
    return found.keys <= Self.maxKeys && 2 * sharedRows >= rows && error <= Self.maxError
      && target.guessError >= Self.guessFactor * error
      && (!parts.contains(where: \.hasMissing) || determinesWhereKnown(parts, target))
      && Double(sharedRows) * target.guessError >= Self.minInformativeRows
  }

  /// The same test among the rows without missing determinants.
  private func determinesWhereKnown(_ parts: [Coded], _ target: Coded) -> Bool {
    let known = (0..<rows).filter { row in !parts.contains { $0.values[row].isNaN } }
    var counts: [Int32: Int] = [:]
    var keys: Set<[Int32]> = []
    for row in known {
      counts[target.codes[row], default: 0] += 1
      keys.insert(parts.map { $0.codes[row] })
    }
    let guessError = 1 - Double(counts.values.max() ?? 0) / Double(max(known.count, 1))
    let sharedRows = known.count - keys.count
    return 2 * sharedRows >= known.count && guessError >= Self.minGuessError
      && Double(sharedRows) * guessError >= Self.minInformativeRows
  }

  /// Whether a few probe rows have at most a few exceptions.
  private func mayDetermine(_ parts: [Coded], _ target: Coded) -> Bool {
    var seen: [Int64: Int32] = [:]
    var exceptions = 0
    let step = max(rows / Self.probes, 1)
    for row in Swift.stride(from: 0, to: rows, by: step) {
      let key = parts.reduce(Int64(0)) { $0 << 32 | Int64($1.codes[row]) }
      if let value = seen[key] {
        if value != target.codes[row] { exceptions += 1 }
        if exceptions > Self.maxExceptions { return false }
      } else {
        seen[key] = target.codes[row]
      }
    }
    return true
  }

  private static let probes = 64
  private static let maxExceptions = 3

  private static let sampledRows = 4000
  private static let sampledError = 0.02

  /// The rows, of every n-th, without the value that most rows of their key have, and the number
  /// of keys; nil for more than `maximum`. O(rows + keys).
  private func exceptions(
    _ parts: [Coded], _ target: Coded, every stride: Int, maximum: Int
  ) -> (count: Int, keys: Int)? {
    let width = parts.count > 1 ? parts[1].distinct : 1
    func key(_ row: Int) -> Int {
      Int(parts[0].codes[row]) * width + (parts.count > 1 ? Int(parts[1].codes[row]) : 0)
    }
    // The value that holds a majority of a key's rows, if one does (Boyer and Moore, 1981).
    var majority = [Int32](repeating: -1, count: parts[0].distinct * width)
    var lead = [Int32](repeating: 0, count: majority.count)
    for row in Swift.stride(from: 0, to: rows, by: stride) {
      let (key, value) = (key(row), target.codes[row])
      if lead[key] == 0 {
        majority[key] = value
        lead[key] = 1
      } else {
        lead[key] += majority[key] == value ? 1 : -1
      }
    }
    var count = 0
    for row in Swift.stride(from: 0, to: rows, by: stride)
    where majority[key(row)] != target.codes[row] {
      count += 1
      if count > maximum { return nil }
    }
    return (count, majority.reduce(0) { $0 + ($1 >= 0 ? 1 : 0) })
  }
}
