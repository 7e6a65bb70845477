// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The rows of a table sorted into cells by one number of each row, so that their distribution can
/// be counted and compared.
///
/// A value that stands out has a cell of its own, other values share intervals, which are narrower
/// towards both ends and never hold numbers of different signs. A missing value has a cell, too.
/// Cells are also joined to at most ``maxGroups`` groups, for counts of two marginals at a time.
/// The cells of places are those of their grid.
public struct Marginal: Sendable, Codable, Equatable {
  /// The number of a row by which rows are sorted into cells.
  public let subject: MarginalSubject
  /// The most frequent categories of a text, the most frequent first.
  let categories: [String]
  /// Upper bounds of the intervals, each within its interval, ascending; none for places.
  let bounds: [Double]
  /// For each cell the group that it belongs to, ascending; none for what is not paired.
  public let groups: [UInt8]

  static let maxGroups = 16
  /// Numbers of at most this many distinct values have a cell for each.
  private static let maxValues = 300
  /// Otherwise a cell holds one row in this many, in the middle of the distribution.
  private static let cells = 64
  private static let minRows = 20

  /// The last cell is that of missing values.
  public var cellCount: Int { missing + 1 }
  /// The number of groups that cells are joined to; 0 if the marginal is not paired.
  public var groupCount: Int { groups.last.map { Int($0) + 1 } ?? 0 }

  /// The cell of missing values.
  private var missing: Int {
    if case .location(let grid) = subject { grid.cellCount } else { bounds.count }
  }

  /// Chooses the cells. O(rows log rows).
  ///
  /// - Returns: nil where the rows have nothing to count, or one value only.
  public init?(_ subject: MarginalSubject, of rows: CountedRows) {
    let categories = Self.categories(subject, of: rows.table)
    guard let values = subject.values(in: rows, categories: categories) else { return nil }
    self.subject = subject
    self.categories = categories
    if case .location = subject {
      (bounds, groups) = ([], [])
      return
    }
    let distinct = ValueSummary(values, limit: .max).distinct
    let present = distinct.reduce(0) { $0 + $1.count }
    let missing = values.count - present
    guard distinct.count > 1 || missing > 0, let maximum = distinct.last?.value else { return nil }

    var sizes: [Int] = []
    if distinct.count <= Self.maxValues {
      bounds = distinct.map(\.value)
      sizes = distinct.map(\.count)
    } else {
      var bounds: [Double] = []
      var (size, before) = (0, 0)
      let full = present / Self.cells
      func close(_ bound: Double) {
        bounds.append(bound)
        sizes.append(size)
        before += size
        size = 0
      }
      for (index, entry) in distinct.enumerated() {
        // What stands out is not mixed with what lies below it, nor a sign with another.
        let stands =
          entry.count >= full || index > 0 && distinct[index - 1].value < 0 && entry.value >= 0
        if stands, size > 0 { close(distinct[index - 1].value) }
        size += entry.count
        let tail = min(before + size, present - before) / 2
        if size >= min(full, max(tail, Self.minRows)) { close(entry.value) }
      }
      if size > 0 { close(maximum) }
      self.bounds = bounds
    }
    groups = subject.isPaired ? Self.groups(sizes) : []
  }

  private static func categories(_ subject: MarginalSubject, of table: Table) -> [String] {
    guard case .column(let name) = subject,
      case .text(let codes, let names)? = table[name]?.values
    else { return [] }
    var counts = [Int](repeating: 0, count: names.count)
    for code in codes where code >= 0 { counts[Int(code)] += 1 }
    return names.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }.prefix(maxValues - 1)
      .map { names[$0] }
  }

  /// Joins neighboring cells to groups of about equal size; large cells stay alone. The cell of
  /// missing values, which has no size here, is a group of its own.
  private static func groups(_ sizes: [Int]) -> [UInt8] {
    let limit = maxGroups - 1
    guard sizes.count > limit else { return (0...sizes.count).map(UInt8.init) }
    let full = max(sizes.reduce(0, +) / (limit / 2), 1)
    var groups: [UInt8] = []
    var (group, size) = (0, 0)
    for count in sizes {
      if size > 0, size + count > full, group < limit - 1 { (group, size) = (group + 1, 0) }
      groups.append(UInt8(group))
      size += count
    }
    return groups + [UInt8(group + 1)]
  }

  /// The cell of each row; of rows without the subject that of missing values. O(rows x log cells).
  public func cells(of rows: CountedRows) -> [UInt16] {
    guard let values = subject.values(in: rows, categories: categories) else {
      return Array(repeating: UInt16(missing), count: rows.table.rowCount)
    }
    if case .location = subject {
      return values.map { UInt16($0.isNaN ? missing : Int($0)) }
    }
    return bounds.withUnsafeBufferPointer { bounds in
      values.map { value in
        guard !value.isNaN else { return UInt16(bounds.count) }
        var (low, high) = (0, bounds.count - 1)
        while low < high {
          let middle = (low + high) / 2
          if value <= bounds[middle] { high = middle } else { low = middle + 1 }
        }
        return UInt16(low)
      }
    }
  }
}

extension Marginal {
  /// Decodes a marginal; what could not have been chosen is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    subject = try container.decode(MarginalSubject.self, forKey: .subject)
    categories = try container.decode([String].self, forKey: .categories)
    bounds = try container.decode([Double].self, forKey: .bounds)
    groups = try container.decode([UInt8].self, forKey: .groups)
    let hasCells =
      switch subject {
      case .location(let grid): grid.isValid && bounds.isEmpty
      case .isolation(let isolation) where !isolation.isValid: false
      default: !bounds.isEmpty && bounds.count < Int(UInt16.max)
      }
    guard hasCells, !bounds.contains(where: \.isNaN),
      groups.count == (subject.isPaired ? bounds.count + 1 : 0),
      zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }),
      zip(groups, groups.dropFirst()).allSatisfy({ $0 <= $1 }), groupCount <= Self.maxGroups
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .bounds, in: container, debugDescription: "cells must be ascending, and some")
    }
  }
}
