// SPDX-License-Identifier: Apache-2.0

import Tabular

extension RelationFinder {
  /// Times as differences from other times, each after the one it is computed from.
  func differences() -> [LinearRelation] {
    let times = table.columns.filter { kinds[$0.name] == .datetime && $0.numbers != nil }
    var pending = times.indices.compactMap { index in
      let target = times[index]
      let sentinels = Set(CalendarEncoder.pointMasses(target.numbers!.filter { !$0.isNaN }))
      return ColumnPairs.indices(near: index, of: times.count, window: ColumnPairs.window)
        .filter { $0 != index }
        .compactMap { other in
          gap(target, from: times[other], isEarlier: other < index, without: sentinels)
            .map { (times[other], $0) }
        }
        .min { $0.1 < $1.1 }
        .map { difference(target, from: $0.0, without: sentinels) }
    }
    // Gaps are not negative, so the dependencies between times have no cycle.
    var ordered: [LinearRelation] = []
    while let next = pending.firstIndex(where: { relation in
      !pending.contains { $0.target == relation.parts[0] }
    }) {
      ordered.append(pending.remove(at: next))
    }
    return ordered
  }

  /// The median gap between two times; nil if one does not closely follow the other.
  ///
  /// - Parameters:
  ///   - isEarlier: whether the anchor precedes the target in the table; of two equal columns, the
  ///     second is computed.
  ///   - sentinels: sentinel values of the target, such as a far-future date for an open end.
  private func gap(
    _ target: Column, from anchor: Column, isEarlier: Bool, without sentinels: Set<Double>
  ) -> Double? {
    guard let a = anchor.numbers, let b = target.numbers else { return nil }
    var gaps: [Double] = []
    var (minimum, maximum) = (Double.infinity, -Double.infinity)
    for row in b.indices where !b[row].isNaN {
      // The difference from a missing time would lose the target.
      if a[row].isNaN { return nil }
      if sentinels.contains(b[row]) { continue }
      gaps.append(b[row] - a[row])
      (minimum, maximum) = (min(minimum, b[row]), max(maximum, b[row]))
    }
    gaps.sort()
    let after = gaps.count - gaps.partitionIndex { $0 >= 0 }
    guard gaps.count >= Self.minRows, Double(after) >= Self.share * Double(gaps.count),
      !sentinels.contains(where: { (gaps[0]...gaps[gaps.count - 1]).contains($0) })
    else { return nil }
    let median = gaps[gaps.count / 2]
    if isEarlier, Double(gaps.count { $0 == 0 }) >= Self.share * Double(gaps.count) { return 0 }
    return median > 0 && median * 20 < maximum - minimum ? median : nil
  }

  private func difference(
    _ target: Column, from anchor: Column, without sentinels: Set<Double>
  ) -> LinearRelation {
    let gaps = zip(target.numbers!, anchor.numbers!).map { sentinels.contains($0) ? .nan : $0 - $1 }
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
      decimals: hasFractions ? 6 : 0, skipsMissingParts: false, sentinels: sentinels.sorted())
  }
}
