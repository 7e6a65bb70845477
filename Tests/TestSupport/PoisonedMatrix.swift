// SPDX-License-Identifier: Apache-2.0

/// A row-major matrix with room behind each row but the last, and on the side that is not flush
/// against an inaccessible page, that is filled with a NaN of its own: what reads it shows it in
/// the result, what writes it is found out by ``padsAreIntact``, and what goes past the page
/// crashes.
public final class PoisonedMatrix {
  /// The number of rows.
  public let rows: Int
  /// The number of columns, without the poisoned ones.
  public let columns: Int
  /// The distance between rows, in elements.
  public let stride: Int
  /// The address of the first element.
  public let base: UnsafeMutablePointer<Float>
  private let memory: GuardedMemory
  private let side: GuardedMemory.Side
  private static let poison = Float(bitPattern: 0x7fc0_dead)
  private static let margin = 16

  /// A matrix of zeros, or of numbers that follow `seed`, with `pad` poisoned elements behind each
  /// row.
  public init(
    rows: Int, columns: Int, pad: Int = 3, seed: UInt64? = nil,
    flush side: GuardedMemory.Side = .end
  ) {
    self.rows = rows
    self.columns = columns
    self.side = side
    stride = columns + pad
    let size = MemoryLayout<Float>.size
    let count = rows > 0 ? (rows - 1) * stride + columns : 0
    memory = GuardedMemory(bytes: count * size, margin: Self.margin * size, flush: side)
    base = memory.start.bindMemory(to: Float.self, capacity: count)
    let first = side == .end ? base - Self.margin : base
    first.initialize(repeating: Self.poison, count: count + Self.margin)
    if let seed { fill(seed: seed) }
  }

  /// An element; indices are not checked.
  public subscript(row: Int, column: Int) -> Float {
    get { base[row * stride + column] }
    set { base[row * stride + column] = newValue }
  }

  /// Numbers of both signs and several magnitudes.
  public func fill(seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    for row in 0..<rows {
      for column in 0..<columns {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let unit = Float(state >> 40) * 0x1p-24
        let scale = Float(1 << (state >> 32 & 3)) / 2
        self[row, column] = (2 * unit - 1) * scale
      }
    }
  }

  /// Whether nothing but the elements has been written.
  public var padsAreIntact: Bool {
    let poison = Self.poison.bitPattern
    func intact(_ pointer: UnsafeMutablePointer<Float>, _ count: Int) -> Bool {
      (0..<count).allSatisfy { pointer[$0].bitPattern == poison }
    }
    let behind = base + (rows > 0 ? (rows - 1) * stride + columns : 0)
    return intact(side == .end ? base - Self.margin : behind, Self.margin)
      && (0..<max(0, rows - 1)).allSatisfy {
        intact(base + $0 * stride + columns, stride - columns)
      }
  }

  /// The elements' bits, row by row.
  public var bits: [UInt32] {
    (0..<rows).flatMap { row in (0..<columns).map { self[row, $0].bitPattern } }
  }
}
