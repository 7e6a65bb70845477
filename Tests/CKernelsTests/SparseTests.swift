// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import TestSupport
import Testing

/// Layers on sparse columns against the same columns written out: the same bits where the chains
/// are the same, else the reference in double precision. Operands touch inaccessible pages.
@Suite struct SparseTests {
  /// Rows of entries, flush against an inaccessible page, and beside dense columns.
  private final class Operand {
    let entries: Int
    let dense: PoisonedMatrix
    /// Dense and sparse columns, all written out.
    let whole: PoisonedMatrix
    private let indices: GuardedMemory
    private let values: GuardedMemory
    private let count: Int

    var rows: ck_sparse_rows {
      ck_sparse_rows(
        entries: Int64(entries), columns: columns,
        values: values.start.assumingMemoryBound(to: Float.self))
    }

    var columns: UnsafeMutablePointer<Int32> {
      indices.start.assumingMemoryBound(to: Int32.self)
    }

    /// Row r has its entries in ascending columns, fewer than `entries` of which differ from zero
    /// in every third row; `oneHot` for values of 1.
    init(
      rows m: Int, dense k: Int, sparse s: Int, entries: Int, seed: UInt64,
      flush side: GuardedMemory.Side = .end, oneHot: Bool = false
    ) {
      self.entries = entries
      count = m * entries
      indices = GuardedMemory(bytes: 4 * count, flush: side)
      values = GuardedMemory(bytes: 4 * count, flush: side)
      let index = indices.start.bindMemory(to: Int32.self, capacity: count)
      let value = values.start.bindMemory(to: Float.self, capacity: count)
      dense = PoisonedMatrix(rows: m, columns: k, pad: 2, seed: seed, flush: side)
      whole = PoisonedMatrix(rows: m, columns: k + s)
      let numbers = PoisonedMatrix(rows: m, columns: max(entries, 1), seed: seed + 1)
      var random = SystemlessRandom(state: seed)
      for r in 0..<m {
        for c in 0..<k { whole[r, c] = dense[r, c] }
        for c in 0..<s { whole[r, k + c] = 0 }
        var positions = Set<Int>()
        while positions.count < entries { positions.insert(random.next(below: s)) }
        for (e, c) in positions.sorted().enumerated() {
          let isLeftOut = r % 3 == 2 && e == entries - 1
          index[r * entries + e] = Int32(c)
          value[r * entries + e] = isLeftOut ? 0 : oneHot ? 1 : numbers[r, e]
          whole[r, k + c] = value[r * entries + e]
        }
      }
    }
  }

  private struct SystemlessRandom {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
  }

  private static let shapes: [(m: Int, n: Int, k: Int, s: Int, entries: Int)] = [
    (1, 1, 0, 1, 1), (7, 5, 3, 4, 0), (33, 17, 0, 40, 3), (64, 33, 17, 31, 1), (65, 31, 16, 33, 1),
    (127, 64, 7, 127, 9), (50, 256, 0, 500, 40), (50, 256, 130, 90, 10), (500, 65, 128, 33, 1),
    (0, 8, 4, 4, 2), (300, 7, 1, 16, 2), (29, 48, 33, 200, 1),
  ]

  @Test(arguments: ck_isa.available, GuardedMemory.Side.allCases)
  func forwardHasTheBitsOfTheWhole(isa: ck_isa, side: GuardedMemory.Side) throws {
    for threads: Int32 in [1, 2, 3] {
      let context = try TestContext(isa: isa, threads: threads)
      for (i, (m, n, k, s, entries)) in Self.shapes.enumerated() {
        let act = ck_activation.all[i % 6]
        let x = Operand(rows: m, dense: k, sparse: s, entries: entries, seed: 9, flush: side)
        let w = PoisonedMatrix(rows: n, columns: k + s, pad: 5, seed: 2)
        let b = PoisonedMatrix(rows: 1, columns: n, seed: 3)
        let bias = i % 3 == 2 ? nil : b.base
        var created: OpaquePointer?
        try #require(
          ck_packed_weights_create(context.pointer, Int64(n), Int64(k + s), &created) == CK_OK)
        let packed = try #require(created)
        defer { ck_packed_weights_destroy(packed) }
        #expect(ck_packed_weights_update(context.pointer, packed, w.base, Int64(w.stride)) == CK_OK)
        let (y, expected) = (
          PoisonedMatrix(rows: m, columns: n, pad: 1, flush: side),
          PoisonedMatrix(rows: m, columns: n)
        )
        var rows = x.rows
        #expect(
          ck_dense_forward_sparse_packed_f32(
            context.pointer, Int64(m), packed, Int64(k), k > 0 ? x.dense.base : nil,
            Int64(x.dense.stride), &rows, bias, act, y.base, Int64(y.stride)) == CK_OK)
        #expect(
          ck_dense_forward_packed_f32(
            context.pointer, Int64(m), packed, x.whole.base, Int64(x.whole.stride), bias, act,
            expected.base, Int64(expected.stride)) == CK_OK)
        #expect(y.bits == expected.bits, "\(m)x\(n)x\(k)+\(s), \(threads) threads")
        #expect(y.padsAreIntact)
      }
    }
  }

  @Test(arguments: DenseHalfTests.ExecutionPath.available)
  func halfForward(execution: DenseHalfTests.ExecutionPath) throws {
    let context = try TestContext(isa: execution.isa)
    try #require(
      ck_context_set_half_path(context.pointer, execution.format, execution.path) == CK_OK)
    try #require(ck_context_set_f16_chain(context.pointer, execution.chain) == CK_OK)
    for (i, (m, n, k, s, entries)) in Self.shapes.enumerated() {
      let act = ck_activation.all[i % 6]
      let x = Operand(rows: m, dense: k, sparse: s, entries: entries, seed: 9)
      let w = PoisonedMatrix(rows: n, columns: k + s, seed: 2)
      let b = PoisonedMatrix(rows: 1, columns: n, seed: 3)
      let half = PoisonedHalfMatrix(execution.format, x.dense)
      var created: OpaquePointer?
      try #require(
        ck_packed_half_weights_create(
          context.pointer, execution.format, Int64(n), Int64(k + s), &created) == CK_OK)
      let packed = try #require(created)
      defer { ck_packed_half_weights_destroy(packed) }
      #expect(
        ck_packed_half_weights_update(context.pointer, packed, w.base, Int64(w.stride)) == CK_OK)
      let y = PoisonedMatrix(rows: m, columns: n, pad: 1)
      var rows = x.rows
      #expect(
        ck_dense_forward_sparse_half(
          context.pointer, Int64(m), packed, Int64(k), k > 0 ? half.base : nil,
          Int64(half.stride), &rows, b.base, act, y.base, Int64(y.stride)) == CK_OK)
      for r in 0..<m { for c in 0..<k { x.whole[r, c] = half[r, c] } }
      let rounded = PoisonedHalfMatrix(execution.format, w).widened
      var reference = [Double](repeating: 0, count: m * n)
      var magnitudes = reference
      ck_reference_dense_forward_f32(
        Int64(m), Int64(n), Int64(k + s), x.whole.base, Int64(x.whole.stride), rounded.base,
        Int64(rounded.stride), b.base, act, &reference, &magnitudes)
      var comparison = Comparison()
      for r in 0..<m {
        for c in 0..<n {
          let position = r * n + c
          comparison.add(
            y[r, c], reference[position],
            bound: execution.bound(
              k + entries, magnitudes[position], reference[position], half: false),
            "\(m)x\(n)x\(k)+\(s) [\(r), \(c)]")
        }
      }
      #expect(comparison.passes, "\(comparison.failure ?? "")")
      #expect(y.padsAreIntact)
    }
  }

  @Test(arguments: ck_isa.available, GuardedMemory.Side.allCases)
  func weightsHaveTheBitsOfTheWhole(isa: ck_isa, side: GuardedMemory.Side) throws {
    for threads: Int32 in [1, 2, 3] {
      let context = try TestContext(isa: isa, threads: threads)
      for (m, n, _, s, entries) in Self.shapes {
        for oneHot in [false, true] {
          let x = Operand(
            rows: m, dense: 0, sparse: s, entries: entries, seed: 9, flush: side, oneHot: oneHot)
          let dz = PoisonedMatrix(rows: m, columns: n, seed: 10, flush: side)
          let (dw, expected) = (
            PoisonedMatrix(rows: n, columns: s, pad: 2, seed: 11, flush: side),
            PoisonedMatrix(rows: n, columns: s, seed: 11)
          )
          var rows = x.rows
          for accumulate in [false, true, true] {
            #expect(
              ck_sparse_backward_weights_f32(
                context.pointer, Int64(m), Int64(n), Int64(s), dz.base, Int64(dz.stride), &rows,
                dw.base, Int64(dw.stride), accumulate) == CK_OK)
            #expect(
              ck_dense_backward_weights_f32(
                context.pointer, Int64(m), Int64(n), Int64(s), dz.base, Int64(dz.stride),
                x.whole.base, Int64(x.whole.stride), expected.base, Int64(expected.stride), nil,
                accumulate) == CK_OK)
            #expect(dw.bits == expected.bits, "\(m)x\(n)x\(s), \(threads) threads, \(accumulate)")
          }
          #expect(dw.padsAreIntact)
        }
      }
    }
  }

  /// Entries of one column add up, in any order.
  @Test(arguments: ck_isa.available) func entriesOfOneColumnAddUp(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    let columns: [Int32] = [2, 0, 2, 1, 1, 1]
    let values: [Float] = [1, 2, 4, 8, 0, 16]
    try columns.withUnsafeBufferPointer { columns in
      try values.withUnsafeBufferPointer { values in
        var rows = ck_sparse_rows(
          entries: 3, columns: columns.baseAddress, values: values.baseAddress)
        let w = PoisonedMatrix(rows: 1, columns: 3)
        for c in 0..<3 { w[0, c] = Float(c + 1) }
        var created: OpaquePointer?
        try #require(ck_packed_weights_create(context.pointer, 1, 3, &created) == CK_OK)
        defer { ck_packed_weights_destroy(created) }
        #expect(ck_packed_weights_update(context.pointer, created, w.base, 3) == CK_OK)
        var y: [Float] = [.nan, .nan]
        #expect(
          ck_dense_forward_sparse_packed_f32(
            context.pointer, 2, created, 0, nil, 0, &rows, nil, ck_activation.all[0], &y, 1)
            == CK_OK)
        #expect(y == [17, 48])
        var dw: [Float] = [.nan, .nan, .nan]
        #expect(
          ck_sparse_backward_weights_f32(
            context.pointer, 2, 1, 3, [1, 10], 1, &rows, &dw, 3, false) == CK_OK)
        #expect(dw == [2, 240, 5])
      }
    }
  }

  @Test(arguments: [Int32(-1), 4, .max]) func entriesOutsideAreRefused(column: Int32) throws {
    let context = try TestContext(isa: CK_ISA_PORTABLE)
    var created: OpaquePointer?
    try #require(ck_packed_weights_create(context.pointer, 1, 4, &created) == CK_OK)
    defer { ck_packed_weights_destroy(created) }
    var y: [Float] = [7]
    var dw: [Float] = [7, 7, 7, 7]
    [column].withUnsafeBufferPointer { columns in
      [Float(1)].withUnsafeBufferPointer { values in
        var rows = ck_sparse_rows(
          entries: 1, columns: columns.baseAddress, values: values.baseAddress)
        func forward(_ s: UnsafePointer<ck_sparse_rows>?, k: Int64) -> ck_status {
          ck_dense_forward_sparse_packed_f32(
            context.pointer, 1, created, k, [1, 1, 1, 1, 1], 5, s, nil, ck_activation.all[0], &y, 1)
        }
        func weights(_ s: UnsafePointer<ck_sparse_rows>?) -> ck_status {
          ck_sparse_backward_weights_f32(context.pointer, 1, 1, 4, [1], 1, s, &dw, 4, false)
        }
        #expect(forward(&rows, k: 0) == CK_ERROR_VALUE)
        #expect(weights(&rows) == CK_ERROR_VALUE)
        #expect(forward(nil, k: 0) == CK_ERROR_NULL)
        #expect(weights(nil) == CK_ERROR_NULL)
        #expect(forward(&rows, k: 5) == CK_ERROR_SHAPE)
        rows.entries = -1
        #expect(forward(&rows, k: 0) == CK_ERROR_SHAPE)
        #expect(weights(&rows) == CK_ERROR_SHAPE)
        rows = ck_sparse_rows(entries: 1, columns: nil, values: values.baseAddress)
        #expect(forward(&rows, k: 0) == CK_ERROR_NULL)
      }
    }
    #expect(y == [7] && dw == [7, 7, 7, 7], "a refused call has written")
  }
}
