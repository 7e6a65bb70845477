// SPDX-License-Identifier: Apache-2.0

import CKernels
import TestSupport
import Testing

/// Within another context's session a region gets one thread, however many were asked for.
@Suite struct SmallerTeamTests {
  /// Rows of 4,096 bytes, which are copied, of plain weights, which are packed.
  private let m = 160
  private let n = 1000
  private let k = 1000

  private struct Session {
    var body: () -> Void
  }

  private func run(threads: Int32) throws -> [[UInt32]] {
    let context = try TestContext(isa: ck_isa.available.last!, threads: threads)
    let x = PoisonedMatrix(rows: m, columns: k, pad: 24, seed: 1)
    let w = PoisonedMatrix(rows: n, columns: k, pad: 24, seed: 2)
    let dz = PoisonedMatrix(rows: m, columns: n, pad: 24, seed: 3)
    let (y, dx, dw) = (
      PoisonedMatrix(rows: m, columns: n), PoisonedMatrix(rows: m, columns: k),
      PoisonedMatrix(rows: n, columns: k)
    )
    let (rows, outputs, inputs) = (Int64(m), Int64(n), Int64(k))
    let none = ck_activation.all[0]
    #expect(
      ck_dense_forward_f32(
        context.pointer, rows, outputs, inputs, x.base, 1024, w.base, 1024, nil, none, y.base,
        Int64(y.stride)) == CK_OK)
    #expect(
      ck_dense_backward_data_f32(
        context.pointer, rows, outputs, inputs, dz.base, 1024, w.base, 1024, nil, 0, none, dx.base,
        Int64(dx.stride)) == CK_OK)
    #expect(
      ck_dense_backward_weights_f32(
        context.pointer, rows, outputs, inputs, dz.base, 1024, x.base, 1024, dw.base,
        Int64(dw.stride), nil, false) == CK_OK)
    return [y.bits, dx.bits, dw.bits]
  }

  @Test(arguments: [2, 4] as [Int32]) func theSameBits(threads: Int32) throws {
    let alone = try run(threads: 1)
    let outer = try TestContext(isa: CK_ISA_PORTABLE, threads: 2)
    var inside: Result<[[UInt32]], any Error>?
    withoutActuallyEscaping({ inside = Result { try run(threads: threads) } }) { body in
      var session = Session(body: body)
      withUnsafeMutablePointer(to: &session) {
        _ = ck_context_with_team(
          outer.pointer, { $0?.assumingMemoryBound(to: Session.self).pointee.body() }, $0)
      }
    }
    #expect(try #require(inside).get() == alone)
    #expect(try run(threads: threads) == alone)
  }
}
