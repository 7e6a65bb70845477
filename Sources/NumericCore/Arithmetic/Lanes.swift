// SPDX-License-Identifier: Apache-2.0

/// Sixteen elements at a time: how the loops of this folder work on rows, on every machine.
enum Lanes {
  /// The elements at `address`.
  @inline(__always)
  static func load(_ address: UnsafePointer<Float>) -> SIMD16<Float> {
    UnsafeRawPointer(address).loadUnaligned(as: SIMD16<Float>.self)
  }

  /// The `count` elements at `address`, at most 16, with zeros behind them.
  @inline(__always)
  static func load(_ address: UnsafePointer<Float>, _ count: Int) -> SIMD16<Float> {
    if count == 16 { return load(address) }
    var lanes = SIMD16<Float>(repeating: 0)
    for lane in 0..<count { lanes[lane] = address[lane] }
    return lanes
  }

  @inline(__always)
  static func store(_ lanes: SIMD16<Float>, to address: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(address).storeBytes(of: lanes, as: SIMD16<Float>.self)
  }

  /// y = f(x) element by element; `y` is `x` or does not overlap it.
  @inline(__always)
  static func map(
    _ count: Int, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    _ f: (SIMD16<Float>) -> SIMD16<Float>
  ) {
    map(count, x, x, into: y) { x, _ in f(x) }
  }

  /// y = f(a, b) element by element; `y` is an operand or does not overlap it.
  @inline(__always)
  static func map(
    _ count: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, _ f: (SIMD16<Float>, SIMD16<Float>) -> SIMD16<Float>
  ) {
    guard count >= 16 else {
      let result = f(load(a, count), load(b, count))
      for lane in 0..<count { y[lane] = result[lane] }
      return
    }
    // The last vector overlaps the one before it, so it reads before anything is written.
    let last = count - 16
    let end = f(load(a + last), load(b + last))
    var j = 0
    while j < last {
      store(f(load(a + j), load(b + j)), to: y + j)
      j += 16
    }
    store(end, to: y + last)
  }

  /// The larger of each pair; `b` also where `a` is NaN.
  @inline(__always)
  static func larger(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
    // Lane by lane this is one instruction; selecting by a mask of lanes takes four.
    var result = b
    for lane in 0..<16 { result[lane] = a[lane] > b[lane] ? a[lane] : b[lane] }
    return result
  }

  /// The smaller of each pair; `b` also where `a` is NaN.
  @inline(__always)
  static func smaller(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
    var result = b
    for lane in 0..<16 { result[lane] = a[lane] < b[lane] ? a[lane] : b[lane] }
    return result
  }

  /// The larger of each pair; NaN where either is.
  @inline(__always)
  static func largerOrNaN(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> {
    var result = larger(a, b)
    for lane in 0..<16 { result[lane] = a[lane] == a[lane] ? result[lane] : a[lane] }
    return result
  }

  @inline(__always)
  static func magnitudes(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let bits = unsafeBitCast(x, to: SIMD16<UInt32>.self) & 0x7FFF_FFFF
    return unsafeBitCast(bits, to: SIMD16<Float>.self)
  }
}
