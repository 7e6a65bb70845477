// SPDX-License-Identifier: Apache-2.0

import TabularEncoding
import Tabular

/// What a marginal of a table is about: a number for each row.
public enum MarginalSubject: Sendable, Codable, Equatable {
  /// The values of a column.
  case column(String)
  /// A part of a column of times.
  case part(String, DatetimePart)
  /// The seconds from one time to another.
  case gap(from: String, to: String)
  /// A derived feature, by its number (``DerivedFeatures``).
  case feature(Int)
  /// The cell of a place.
  case location(LocationGrid)
  /// How far a place is from learned ones.
  case isolation(LocationIsolation)
  /// What a quantity is beyond the straight line between two places.
  case excess(DistanceExcess)

  /// Whether it is counted together with others: neither what follows from several columns, whose
  /// own marginal is enough, nor cells without an order.
  package var isPaired: Bool {
    switch self {
    case .column, .part, .gap: true
    case .feature, .location, .isolation, .excess: false
    }
  }

  /// The number of each row, NaN where it is missing, of a text its place among `categories` or the
  /// first place behind them. Nil where the rows do not have the columns. O(rows).
  package func values(in rows: CountedRows, categories: [String]) -> [Double]? {
    let table = rows.table
    switch self {
    case .column(let name):
      guard let column = table[name] else { return nil }
      guard case .text(let codes, let names) = column.values else { return column.numbers?.array }
      let known = Dictionary(zip(categories, 0...), uniquingKeysWith: { first, _ in first })
      let positions = names.map { Double(known[$0] ?? categories.count) }
      return codes.map { $0 < 0 ? .nan : positions[Int($0)] }
    case .part(let name, let part):
      return table[name]?.numbers.map { times in times.map { part.value(of: $0) } }
    case .gap(let from, let to):
      guard let from = table[from]?.numbers, let to = table[to]?.numbers else { return nil }
      return zip(from, to).map { $1 - $0 }
    case .feature(let number):
      return number < rows.features.count ? rows.features[number] : nil
    case .location(let grid): return grid.cells(of: table)
    case .isolation(let isolation): return isolation.values(in: rows)
    case .excess(let excess): return excess.values(in: table)
    }
  }

  /// The subjects of a table: its columns without ids, the hour and the weekday of its times, the
  /// seconds to a time from the one that it is encoded by, its derived features, its places, and
  /// what quantities are beyond the straight line between them. O(rows log rows).
  public static func all(
    of table: Table, schema: Schema, encoder: TableEncoder, derived: DerivedFeatures
  ) -> [Self] {
    let columns = table.columns.flatMap { column -> [Self] in
      guard let kind = schema[column.name]?.kind, !kind.isReplaced, kind != .constant else {
        return []
      }
      guard case .datetime = column.values else { return [.column(column.name)] }
      let anchor = encoder.relations.first { $0.target == column.name }?.parts.first
      return [.column(column.name), .part(column.name, .hour), .part(column.name, .weekday)]
        + (anchor.map { [.gap(from: $0, to: column.name)] } ?? [])
    }
    let features = derived.features.indices.map { Self.feature($0) }
    let locations = encoder.relations.compactMap { relation -> LocationColumns? in
      if case .rank(let rank) = relation { LocationColumns(rank) } else { nil }
    }
    return columns + features
      + locations.compactMap { LocationGrid($0, in: table, rowsPerCell: locationRowsPerCell) }
      .map { .location($0) }
      + locations.compactMap { LocationIsolation($0, in: table) }.map { .isolation($0) }
      + excesses(of: table, locations: locations, encoder: encoder, derived: derived).map {
        .excess($0)
      }
  }

  /// Enough rows in a cell of a place to know its share.
  private static let locationRowsPerCell = 64

  /// Those of quantities that go up with a straight line and are no sum of others.
  private static func excesses(
    of table: Table, locations: [LocationColumns], encoder: TableEncoder, derived: DerivedFeatures
  ) -> [DistanceExcess] {
    func location(_ longitude: String) -> LocationColumns? {
      locations.first { $0.longitude == longitude }
    }
    return derived.features.compactMap { feature in
      guard
        case .ratio(.quantity(let column, _), .straightLine(let from, let to, _)) = feature.form,
        case .number? = table[column]?.values,
        !encoder.relations.contains(where: { $0.target == column }),
        let from = location(from), let to = location(to)
      else { return nil }
      return DistanceExcess(of: column, from: from, to: to, in: table)
    }
  }
}

/// Rows that are counted by marginals.
public struct CountedRows {
  /// The rows.
  public let table: Table
  /// For each derived feature the value of each row.
  public let features: [[Double]]
  /// Whether the marginals were chosen from these rows, which then do not count as near themselves.
  public let areLearned: Bool

  /// Rows with the values of their derived features, one array for each feature.
  public init(table: Table, features: [[Double]] = [], areLearned: Bool = false) {
    self.table = table
    self.features = features
    self.areLearned = areLearned
  }
}
