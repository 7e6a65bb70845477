import TabularEncoding
import Tabular

/// What a margin of a table is about: a number for each row.
public enum MarginSubject: Sendable, Codable, Equatable {
  /// The values of a column.
  case column(String)
  /// A part of a column of times.
  case part(String, DatetimePart)
  /// The seconds from one time to another.
  case gap(from: String, to: String)
  /// A derived feature, by its number (``DerivedFeatures``).
  case feature(Int)
  /// The cell of a place.
  case place(PlaceGrid)
  /// How far a place is from learned ones.
  case isolation(PlaceIsolation)
  /// What a quantity is beyond the straight line between two places.
  case surplus(LineSurplus)

  /// Whether it is counted together with others: neither what follows from several columns, whose own
  /// margin is enough, nor cells without an order.
  package var isPaired: Bool {
    switch self {
    case .column, .part, .gap: true
    case .feature, .place, .isolation, .surplus: false
    }
  }

  /// The number of each row, NaN where it is missing, of a text its place among `levels` or the
  /// first place behind them. Nil where the rows do not have the columns. O(rows).
  package func values(in rows: CountedRows, levels: [String]) -> [Double]? {
    let table = rows.table
    switch self {
    case .column(let name):
      guard let column = table[name] else { return nil }
      guard case .text(let codes, let names) = column.values else { return column.numbers?.array }
      let known = Dictionary(zip(levels, 0...), uniquingKeysWith: { first, _ in first })
      let places = names.map { Double(known[$0] ?? levels.count) }
      return codes.map { $0 < 0 ? .nan : places[Int($0)] }
    case .part(let name, let part):
      return table[name]?.numbers.map { times in times.map { part.value(of: $0) } }
    case .gap(let from, let to):
      guard let from = table[from]?.numbers, let to = table[to]?.numbers else { return nil }
      return zip(from, to).map { $1 - $0 }
    case .feature(let number):
      return number < rows.features.count ? rows.features[number] : nil
    case .place(let grid): return grid.cells(of: table)
    case .isolation(let isolation): return isolation.values(in: rows)
    case .surplus(let surplus): return surplus.values(in: table)
    }
  }

  /// The subjects of a table: its columns without ids, the hour and the weekday of its times, the seconds
  /// to a time from the one that it is encoded by, its derived features, its places, and what quantities are
  /// beyond the straight line between them. O(rows log rows).
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
    let places = encoder.relations.compactMap { relation -> PlaceColumns? in
      if case .rank(let rank) = relation { PlaceColumns(rank) } else { nil }
    }
    return columns + features
      + places.compactMap { PlaceGrid($0, in: table, rowsPerCell: placeRowsPerCell) }
      .map { .place($0) }
      + places.compactMap { PlaceIsolation($0, in: table) }.map { .isolation($0) }
      + surpluses(of: table, places: places, encoder: encoder, derived: derived).map {
        .surplus($0)
      }
  }

  /// Enough rows in a cell of a place to know its share.
  private static let placeRowsPerCell = 64

  /// Those of quantities that go up with a straight line and are no sum of others.
  private static func surpluses(
    of table: Table, places: [PlaceColumns], encoder: TableEncoder, derived: DerivedFeatures
  ) -> [LineSurplus] {
    func place(_ longitude: String) -> PlaceColumns? {
      places.first { $0.longitude == longitude }
    }
    return derived.features.compactMap { feature in
      guard
        case .ratio(.quantity(let column, _), .straightLine(let from, let to, _)) = feature.form,
        case .number? = table[column]?.values,
        !encoder.relations.contains(where: { $0.target == column }),
        let from = place(from), let to = place(to)
      else { return nil }
      return LineSurplus(of: column, from: from, to: to, in: table)
    }
  }
}

/// Rows that are counted by margins.
public struct CountedRows {
  public let table: Table
  /// For each derived feature the value of each row.
  public let features: [[Double]]
  /// Whether the margins were chosen from these rows, which then do not count as near themselves.
  public let areLearned: Bool

  public init(table: Table, features: [[Double]] = [], areLearned: Bool = false) {
    self.table = table
    self.features = features
    self.areLearned = areLearned
  }
}
