// SPDX-License-Identifier: Apache-2.0

/// The largest of a row's elements and where it is.
enum LaneMaximum {
  /// The largest f(element) of `count`, NaN if one is NaN, and -infinity for none.
  ///
  /// - Parameter f: a function of one element, on 16 lanes.
  @inline(__always)
  static func maximum(
    _ count: Int, _ x: UnsafePointer<Float>, _ f: (SIMD16<Float>) -> SIMD16<Float>
  ) -> Float {
    guard count >= 16 else {
      let lanes = f(Lanes.load(x, count))
      var best = -Float.infinity
      for lane in 0..<count { best = larger(lanes[lane], best) }
      return best
    }
    var best = SIMD16<Float>(repeating: -.infinity)
    var isNaN = SIMDMask<SIMD16<Int32>>(repeating: false)
    var j = 0
    while true {
      let lanes = f(Lanes.load(x + j))
      best = Lanes.larger(lanes, best)
      isNaN = isNaN .| (lanes .!= lanes)
      if j == count - 16 { break }
      // The last vector overlaps the one before it.
      j = min(j + 16, count - 16)
    }
    return any(isNaN) ? .nan : best.max()
  }

  /// The larger of two numbers, NaN if either is.
  @inline(__always)
  static func larger(_ a: Float, _ b: Float) -> Float {
    a > b || a != a ? a : b
  }

  /// The index of the first element that equals `value`; of the first NaN if `value` is NaN, which
  /// no other element may be.
  @inline(__always)
  static func firstIndex(of value: Float, _ count: Int, _ x: UnsafePointer<Float>) -> Int {
    let sought = SIMD16<Float>(repeating: value)
    var j = 0
    while j + 16 <= count {
      let lanes = Lanes.load(x + j)
      if any((lanes .== sought) .| (lanes .!= lanes)) { break }
      j += 16
    }
    while j < count, x[j] != value, x[j] == x[j] { j += 1 }
    return j
  }
}
