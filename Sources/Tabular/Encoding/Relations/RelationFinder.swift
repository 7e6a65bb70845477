/// Finds the relations that nearly all rows of a table obey.
///
/// - A time that comes after another in 99 % of the rows and is closer to it than a twentieth of its
///   own range is encoded as the difference; where a column of numbers equals that difference in
///   99 % of the rows, as what is left beside both.
/// - A quantity that equals the sum of two or more others, to a hundredth, in 99 % of the rows is
///   encoded as what is left. The parts are found by adding, and taking away again, whichever column
///   brings the sum closest, so only sums whose parts all matter are found.
struct RelationFinder {
  private let table: Table
  private let schema: Schema
  private let sample: [Int]

  private static let share = 0.99
  private static let sampleSize = 4000

  init(table: Table, schema: Schema) {
    self.table = table
    self.schema = schema
    let rows = table.rowCount
    sample =
      rows <= Self.sampleSize
      ? Array(0..<rows) : (0..<Self.sampleSize).map { $0 * rows / Self.sampleSize }
  }

  func relations() -> [LinearRelation] {
    guard sample.count >= 50 else { return [] }
    var found: [LinearRelation] = []
    let times = table.columns.filter { schema[$0.name]?.kind == .datetime }
    for target in times where !found.contains(where: { $0.target == target.name }) {
      for anchor in times where anchor.name != target.name {
        if found.contains(where: { $0.target == anchor.name }) { continue }
        if let relation = difference(target, from: anchor) {
          found.append(relation)
          break
        }
      }
    }
    for column in table.columns {
      guard let kind = schema[column.name]?.kind, kind == .continuous || kind == .integer,
        (schema[column.name]?.distinctCount ?? 0) > 25
      else { continue }
      if let relation = sum(column, not: Set(found.flatMap { [$0.target] + $0.parts })) {
        found.append(relation)
      }
    }
    return found
  }

  private func values(_ column: Column) -> [Double] {
    guard let numbers = column.numbers else { return [] }
    return sample.map { numbers[$0] }
  }

  private func difference(_ target: Column, from anchor: Column) -> LinearRelation? {
    let (a, b) = (values(anchor), values(target))
    let gaps = zip(a, b).map { $1 - $0 }.filter { !$0.isNaN }.sorted()
    let present = b.filter { !$0.isNaN }.sorted()
    guard gaps.count * 2 > sample.count, let first = present.first, let last = present.last
    else { return nil }
    let after = gaps.count - gaps.partitionIndex { $0 >= 0 }
    guard Double(after) >= Self.share * Double(gaps.count), gaps[gaps.count / 2] > 0,
      gaps[gaps.count / 2] * 20 < last - first
    else { return nil }
    let decimals = gaps.contains { $0 != $0.rounded() } ? 3 : 0
    var parts = [anchor.name]
    let full = zip(a, b).map { $1 - $0 }
    for column in table.columns where column.name != target.name {
      guard case .number = column.values, schema[column.name]?.kind != .constant else { continue }
      let equal = zip(values(column), full).reduce(0) { $0 + (abs($1.0 - $1.1) < 1 ? 1 : 0) }
      if Double(equal) >= Self.share * Double(gaps.count) {
        parts.append(column.name)
        break
      }
    }
    return LinearRelation(target: target.name, parts: parts, decimals: decimals)
  }

  private func sum(_ target: Column, not taken: Set<String>) -> LinearRelation? {
    guard !taken.contains(target.name), let format = schema[target.name]?.numberFormat,
      format.decimals <= 4
    else { return nil }
    let goal = values(target)
    let candidates = table.columns.compactMap { column -> (name: String, values: [Double])? in
      guard column.name != target.name, !taken.contains(column.name),
        case .number = column.values, let kind = schema[column.name]?.kind,
        kind == .continuous || kind == .integer
      else { return nil }
      let values = values(column)
      return values.contains(where: { $0.isNaN }) ? nil : (column.name, values)
    }
    guard !goal.contains(where: { $0.isNaN }) else { return nil }
    var chosen: Set<Int> = []
    var rest = goal
    func distance(_ values: [Double]) -> Double { values.reduce(0) { $0 + abs($1) } }
    var best = distance(rest)
    var improved = true
    while improved && chosen.count <= 12 {
      improved = false
      var move: (index: Int, rest: [Double], distance: Double)?
      for (index, candidate) in candidates.enumerated() {
        let sign = chosen.contains(index) ? 1.0 : -1.0
        let next = zip(rest, candidate.values).map { $0 + sign * $1 }
        let d = distance(next)
        if d < (move?.distance ?? best) - 1e-9 { move = (index, next, d) }
      }
      if let move {
        if chosen.remove(move.index) == nil { chosen.insert(move.index) }
        (rest, best) = (move.rest, move.distance)
        improved = true
      }
    }
    let exact = rest.reduce(0) { $0 + (abs($1) < 0.0101 ? 1 : 0) }
    guard chosen.count >= 2, Double(exact) >= Self.share * Double(rest.count) else { return nil }
    return LinearRelation(
      target: target.name, parts: chosen.sorted().map { candidates[$0].name },
      decimals: format.decimals)
  }
}
