/// Spearman's rank correlation.
enum RankCorrelation {
  /// Of two columns, rows with a missing value left out; 0 where it is not defined. Ties share the
  /// mean of their ranks. O(rows log rows).
  static func of(_ a: [Double], _ b: [Double]) -> Double {
    let rows = a.indices.filter { !a[$0].isNaN && !b[$0].isNaN }
    guard rows.count > 2 else { return 0 }
    let (x, y) = (ranks(rows.map { a[$0] }), ranks(rows.map { b[$0] }))
    let mean = Double(rows.count - 1) / 2
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (x, y) in zip(x, y) {
      xy += (x - mean) * (y - mean)
      xx += (x - mean) * (x - mean)
      yy += (y - mean) * (y - mean)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
  }

  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for i in start..<end { ranks[order[i]] = Double(start + end - 1) / 2 }
      start = end
    }
    return ranks
  }
}
