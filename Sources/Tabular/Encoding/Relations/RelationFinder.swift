/// Finds the relations that nearly all rows of a table obey.
///
/// - A time that comes after another in 99 % of the rows, and is closer to it in the median than a
///   twentieth of its own range, is encoded as the difference from the closest such time. Where a
///   column of numbers equals that difference to a second in 99 % of the rows, what is encoded is
///   what is left beside both.
/// - A quantity of at most four decimals that is the sum of others in 99 % of the rows, up to a rest
///   that takes at most four values there (0, a cent of rounding, a fee that has no column), is
///   encoded as that rest. The parts are found on 4,000 evenly spaced rows by ``SumSearch``; a
///   missing part is 0. Then all rows are tested.
/// - A part of such a sum that is in many rows one of a few percentages of the other parts is encoded
///   as the rule that it follows (``RateRelation``).
/// - A quantity of at most four decimals that is the product or the quotient of two others in 99 % of
///   the rows, up to at most four rests, is encoded as that rest (``ProductSearch``). None of the
///   three may have missing values.
/// - A longitude is encoded as its rank among the rows of about the same latitude
///   (``ConditionalRank``).
/// - A column that one or two others determine is looked up (``DependencySearch``).
///
/// A column is the target of one relation at most; parts of a sum are in no other relation but the
/// percentage among them, which is computed first, so that every target can be computed. O(columns² x parts x 4,000 + relations x parts x rows).
struct RelationFinder {
  private let table: Table
  private let schema: Schema
  private let sample: [Int]

  private static let share = 0.99
  private static let sampleSize = 4000
  private static let leastRows = 50
  /// Fewer distinct values than this are better off as levels.
  private static let leastValues = 26
  private static let mostDecimals = 4
  private static let mostRests = 4

  init(table: Table, schema: Schema) {
    self.table = table
    self.schema = schema
    let rows = table.rowCount
    sample =
      rows <= Self.sampleSize
      ? Array(0..<rows) : (0..<Self.sampleSize).map { $0 * rows / Self.sampleSize }
  }

  /// In an order in which the targets can be computed one after the other.
  func relations() -> [ColumnRelation] {
    guard table.rowCount >= Self.leastRows else { return [] }
    var found = differences().map { ColumnRelation.sum($0) }
    for column in table.columns {
      if let relation = sum(column, not: Set(found.flatMap { [$0.target] + $0.parts })) {
        // Before the sum, which it is a part of.
        if let rate = rate(in: relation) { found.append(.rate(rate)) }
        found.append(.sum(relation))
      }
    }
    // Before the sums, which its target may be a part of.
    found.insert(contentsOf: products(beside: found), at: 0)
    let places = CoordinateColumns.all(in: table, sample: sample)
    let taken = Set(found.flatMap { [$0.target] + $0.parts })
    found += places.compactMap { rank($0, not: taken) }.map { .rank($0) }
    return found + dependencies(beside: found).map { .dependency($0) }
  }

  /// Products and quotients of columns that are not computed themselves.
  private func products(beside found: [ColumnRelation]) -> [ColumnRelation] {
    let targets = Set(found.map(\.target))
    let free = table.columns.filter { isAmount($0) && !targets.contains($0.name) }
    let search = ProductSearch(
      columns: free.compactMap { column in
        guard column.missingCount == 0 else { return nil }
        return ProductSearch.Candidate(
          name: column.name, values: sample.map { column.numbers![$0] },
          decimals: isQuantity(column) ? Self.decimals(column.numbers!) : nil)
      })
    return search.products { relation in
      isConcentrated(
        relation.rest(
          target: table[relation.target]!.numbers!.array,
          parts: relation.factors.map { table[$0]!.numbers!.array }))
    }.map { .product($0) }
  }

  /// Columns that others determine, none of which is in another relation.
  private func dependencies(beside found: [ColumnRelation]) -> [FunctionalDependency] {
    let modelled = table.columns.map(\.name).filter { name in
      schema[name].map { !$0.kind.isReplaced && $0.kind != .constant } ?? false
    }
    let taken = Set(found.flatMap { [$0.target] + $0.parts })
    return DependencySearch(
      table: table, targets: Set(modelled).subtracting(taken),
      determinants: Set(modelled).subtracting(found.map(\.target))
    ).dependencies()
  }

  /// A part of a sum that is a percentage of the others: the one with the most values.
  private func rate(in relation: LinearRelation) -> RateRelation? {
    let parts = relation.parts.compactMap { table[$0] }.filter(isQuantity)
    // Missing values are left out: each would be a value of its own, and a set of them quadratic.
    let charges = parts.filter {
      Set($0.numbers!.lazy.filter { !$0.isNaN }).count >= Self.leastValues
    }
    return charges.lazy.compactMap { charge -> RateRelation? in
      let others = relation.parts.filter { $0 != charge.name }
      guard !others.isEmpty, let decimals = Self.decimals(charge.numbers!) else { return nil }
      return RateRelation(
        target: charge.name, values: sample.map { charge.numbers![$0] }, parts: others,
        partValues: others.map { name in sample.map { table[name]!.numbers![$0] } },
        decimals: decimals)
    }.first
  }

  // MARK: Places

  /// A longitude by its rank along the parallel.
  private func rank(_ place: CoordinateColumns, not taken: Set<String>) -> ConditionalRank? {
    let (latitude, longitude) = (place.latitude, place.longitude)
    guard isQuantity(latitude), isQuantity(longitude),
      taken.isDisjoint(with: [latitude.name, longitude.name]),
      latitude.missingCount + longitude.missingCount + Self.leastRows <= table.rowCount
    else { return nil }
    return ConditionalRank(
      target: longitude.name, given: latitude.name, values: longitude.numbers!.array,
      givenValues: latitude.numbers!.array, format: schema[longitude.name]?.numberFormat)
  }

  private func isAmount(_ column: Column) -> Bool {
    guard case .number = column.values, let kind = schema[column.name]?.kind else { return false }
    return !kind.isReplaced && kind != .constant
  }

  private func isQuantity(_ column: Column) -> Bool {
    guard case .number = column.values, let kind = schema[column.name]?.kind else { return false }
    return kind == .continuous || kind == .integer
  }

  // MARK: Times

  /// Times as differences from other times, each after the one it is computed from.
  private func differences() -> [LinearRelation] {
    let times = table.columns.filter {
      schema[$0.name]?.kind == .datetime && $0.numbers != nil
    }
    var pending = times.compactMap { target in
      times.filter { $0.name != target.name }
        .compactMap { anchor in gap(target, from: anchor).map { (anchor, $0) } }
        .min { $0.1 < $1.1 }
        .map { difference(target, from: $0.0) }
    }
    // A gap is never negative, so times that depend on each other come in an order.
    var ordered: [LinearRelation] = []
    while let next = pending.firstIndex(where: { relation in
      !pending.contains { $0.target == relation.parts[0] }
    }) {
      ordered.append(pending.remove(at: next))
    }
    return ordered
  }

  /// The median gap of two times, nil where they do not follow each other closely.
  private func gap(_ target: Column, from anchor: Column) -> Double? {
    guard let a = anchor.numbers, let b = target.numbers else { return nil }
    var gaps: [Double] = []
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for row in b.indices where !b[row].isNaN {
      // The difference from a missing time would lose the target.
      if a[row].isNaN { return nil }
      gaps.append(b[row] - a[row])
      (least, greatest) = (min(least, b[row]), max(greatest, b[row]))
    }
    gaps.sort()
    let after = gaps.count - gaps.partitionIndex { $0 >= 0 }
    guard gaps.count >= Self.leastRows, Double(after) >= Self.share * Double(gaps.count)
    else { return nil }
    let median = gaps[gaps.count / 2]
    return median > 0 && median * 20 < greatest - least ? median : nil
  }

  private func difference(_ target: Column, from anchor: Column) -> LinearRelation {
    let gaps = zip(target.numbers!, anchor.numbers!).map { $0 - $1 }
    let hasFractions = gaps.contains { !$0.isNaN && $0 != $0.rounded() }
    let duration = table.columns.first { column in
      guard isAmount(column), let values = column.numbers else { return false }
      var (present, equal) = (0, 0)
      for (value, gap) in zip(values, gaps) where !gap.isNaN {
        if value.isNaN { return false }
        present += 1
        if abs(value - gap) < 1 { equal += 1 }
      }
      return Double(equal) >= Self.share * Double(present)
    }
    return LinearRelation(
      target: target.name, parts: [anchor.name] + (duration.map { [$0.name] } ?? []),
      decimals: hasFractions ? 3 : 0, skipsMissingParts: false)
  }

  // MARK: Sums

  private func sum(_ target: Column, not taken: Set<String>) -> LinearRelation? {
    guard !taken.contains(target.name), isQuantity(target), let all = target.numbers,
      let decimals = Self.decimals(all)
    else { return nil }
    let rows = sample.filter { !all[$0].isNaN }
    let goal = rows.map { all[$0] }
    guard goal.count >= Self.leastRows, Set(goal).count >= Self.leastValues else { return nil }
    let candidates = table.columns.filter {
      $0.name != target.name && !taken.contains($0.name) && isAmount($0)
    }
    // Codes that happen to bring the sum closer would stand in the way of its parts, so they are
    // tried only where it does not come out without them.
    for group in [candidates.filter(isQuantity), candidates] {
      let search = SumSearch(
        goal: goal,
        columns: group.map { column in
          rows.map { column.numbers![$0] }.map { $0.isNaN ? 0 : $0 }
        })
      let relation = { (parts: [Int]) in
        LinearRelation(
          target: target.name, parts: parts.map { group[$0].name }, decimals: decimals,
          skipsMissingParts: true)
      }
      // Rests around 0 first: a part that hardly varies counts there, but not around a median.
      for target in [SumSearch.Target.zero, .median] {
        let closest = search.closest(to: target)
        guard !closest.isEmpty, holds(relation(closest)) else { continue }
        let best = relation(search.mostConcentrated(from: closest, decimals: decimals))
        return holds(best) ? best : relation(closest)
      }
    }
    return nil
  }

  /// Whether a few rests make up nearly all rows.
  private func holds(_ relation: LinearRelation) -> Bool {
    isConcentrated(
      relation.rest(
        target: table[relation.target]!.numbers!.array,
        parts: relation.parts.map { table[$0]!.numbers!.array }))
  }

  /// Whether at most four values make up nearly all that are present.
  private func isConcentrated(_ rests: [Double]) -> Bool {
    var counts: [Double: Int] = [:]
    var present = 0
    for value in rests where !value.isNaN {
      counts[value, default: 0] += 1
      present += 1
    }
    let most = counts.values.sorted(by: >).prefix(Self.mostRests).reduce(0, +)
    return present >= Self.leastRows && Double(most) >= Self.share * Double(present)
  }

  /// The decimals that all values have, nil where they are more than four or too large to count.
  private static func decimals(_ values: Numbers) -> Int? {
    var scale = 1.0
    var decimals = 0
    for value in values where !value.isNaN {
      while abs(value * scale - (value * scale).rounded()) > 1e-6 {
        decimals += 1
        scale *= 10
        if decimals > mostDecimals { return nil }
      }
      if abs(value) * scale > 1e12 { return nil }
    }
    return decimals
  }
}
