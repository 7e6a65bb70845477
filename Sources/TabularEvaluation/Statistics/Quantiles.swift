// SPDX-License-Identifier: Apache-2.0

/// Quantiles by linear interpolation between the two nearest values (type 7 of Hyndman and Fan).
package enum Quantiles {
  /// The quantile at `share` (0...1) of values in ascending order, or nil of none.
  package static func linear<Value: BinaryFloatingPoint>(_ sorted: [Value], at share: Value)
    -> Value?
  {
    guard let last = sorted.last else { return nil }
    let position = share * Value(sorted.count - 1)
    let index = Int(position.rounded(.down))
    if index >= sorted.count - 1 { return last }
    let (low, high) = (sorted[index], sorted[index + 1])
    let weight = position - Value(index)
    // From the nearer end, so that weight 1 would give the upper value exactly.
    return weight >= 0.5 ? high - (high - low) * (1 - weight) : low + (high - low) * weight
  }

  /// The distinct deciles of the values that are present.
  static func decileEdges(_ values: [Double]) -> [Double] {
    let sorted = values.filter { !$0.isNaN }.sorted()
    var edges: [Double] = []
    for step in 0..<9 {
      let share = step == 8 ? 0.9 : Double(step) * 0.1 + 0.1
      guard let edge = linear(sorted, at: share) else { return [] }
      if edges.last != edge { edges.append(edge) }
    }
    return edges
  }
}

extension Array where Element: Comparable {
  /// Index of the first element of an ascending array that is greater than `value`.
  func upperBound(of value: Element) -> Int {
    partitionPoint { $0 <= value }
  }

  /// Index of the first element of an ascending array that is not less than `value`.
  func lowerBound(of value: Element) -> Int {
    partitionPoint { $0 < value }
  }

  private func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
