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

  /// The number of each row, NaN where it is missing, of a text its place among `levels` or the
  /// first place behind them. Nil where the rows do not have the columns. O(rows).
  func values(in rows: CountedRows, levels: [String]) -> [Double]? {
    let table = rows.table
    switch self {
    case .column(let name):
      guard let column = table[name] else { return nil }
      guard case .text(let codes, let names) = column.values else { return column.numbers }
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
    }
  }

  /// The subjects of a table: its columns without ids, the hour and the weekday of its times, the seconds
  /// to a time from the one that it is encoded by, and its derived features.
  public static func all(of table: Table, schema: Schema, encoder: TableEncoder) -> [Self] {
    let columns = table.columns.flatMap { column -> [Self] in
      guard let kind = schema[column.name]?.kind, kind != .id, kind != .constant else { return [] }
      guard case .datetime = column.values else { return [.column(column.name)] }
      let anchor = encoder.relations.first { $0.target == column.name }?.parts.first
      return [.column(column.name), .part(column.name, .hour), .part(column.name, .weekday)]
        + (anchor.map { [.gap(from: $0, to: column.name)] } ?? [])
    }
    return columns + encoder.derived.features.indices.map { .feature($0) }
  }
}

/// Rows that are counted by margins.
public struct CountedRows {
  public let table: Table
  /// For each derived feature the value of each row.
  public let features: [[Double]]

  public init(table: Table, features: [[Double]] = []) {
    self.table = table
    self.features = features
  }
}
