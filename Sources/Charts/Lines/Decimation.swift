// SPDX-License-Identifier: Apache-2.0

/// Thins a long line for drawing: of the points that fall on one pixel column only the first, the
/// least, the greatest and the last are kept, which draw the same picture.
enum Decimation {
  /// The thinned line; `points` in pixels, x ascending.
  ///
  /// O(points).
  static func thin(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    var result: [(x: Double, y: Double)] = []
    var start = 0
    while start < points.count {
      let column = points[start].x.rounded(.down)
      var end = start + 1
      var (minimum, maximum) = (start, start)
      while end < points.count, points[end].x.rounded(.down) == column {
        if points[end].y < points[minimum].y { minimum = end }
        if points[end].y > points[maximum].y { maximum = end }
        end += 1
      }
      var last = -1
      for index in [start, minimum, maximum, end - 1].sorted() where index != last {
        result.append(points[index])
        last = index
      }
      start = end
    }
    return result
  }
}
