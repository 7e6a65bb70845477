// SPDX-License-Identifier: Apache-2.0

/// Sums in single precision in a fixed order that vectorizes: 16 lanes that take every 16th term
/// each, then a tree over the lanes.
///
/// The error of a sum of n terms is at most (n / 16 + 5) u Σ|terms|, u = 2⁻²⁴.
@usableFromInline package enum LaneSum {
  /// The sum of `term(0)` to `term(count - 1)`.
  @inlinable @inline(__always)
  package static func sum(_ count: Int, _ term: (Int) -> Float) -> Float {
    var lanes = SIMD16<Float>(repeating: 0)
    var start = 0
    while start + 16 <= count {
      var terms = SIMD16<Float>(repeating: 0)
      for lane in 0..<16 { terms[lane] = term(start + lane) }
      lanes += terms
      start += 16
    }
    if start < count {
      var terms = SIMD16<Float>(repeating: 0)
      for lane in 0..<(count - start) { terms[lane] = term(start + lane) }
      lanes += terms
    }
    let eight = lanes.lowHalf + lanes.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}
