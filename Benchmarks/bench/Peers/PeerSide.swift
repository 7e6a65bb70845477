// SPDX-License-Identifier: Apache-2.0

import CBenchProbes
import CKernels

/// One way to do an operation of a problem on some threads: ours, or a peer's.
struct PeerSide {
  let name: String
  let isOurs: Bool
  /// Whether the weights are in the library's layout before the time begins.
  let isPacked: Bool
  /// Sets the number of threads; not timed.
  let prepare: () -> Void
  let call: () throws -> Void
  /// What ours runs on: its team stands by during a sample, as a peer's threads keep spinning.
  var context: BenchContext?

  /// Our two entries; the gradient of the weights has nothing to pack, so it has one.
  static func ours(
    _ problem: DenseProblem, _ operation: DenseProblem.Operation, _ context: BenchContext
  ) throws -> [PeerSide] {
    let (m, n, k) = (
      Int64(problem.shape.rows), Int64(problem.shape.outputs), Int64(problem.shape.inputs)
    )
    let (ldn, ldk) = (Int64(problem.strideN), Int64(problem.strideK))
    let act = DenseProblem.activation
    func side(_ isPacked: Bool, _ call: @escaping () -> ck_status) -> PeerSide {
      PeerSide(
        name: isPacked ? "ours packed" : "ours plain", isOurs: true, isPacked: isPacked,
        prepare: {}, call: { try check(call(), operation.rawValue) }, context: context)
    }
    let (x, w, dz, b) = (
      problem.x.pointer, problem.weights.pointer, problem.dz.pointer, problem.bias.pointer
    )
    let (y, dx, dw, db) = (
      problem.y.pointer, problem.dx.pointer, problem.dw.pointer, problem.db.pointer
    )
    if operation == .backwardWeights {
      return [
        side(false) {
          ck_dense_backward_weights_f32(
            context.pointer, m, n, k, dz, ldn, x, ldk, dw, ldk, db, false)
        }
      ]
    }
    let packed = try WeightPacking(
      context, outputs: n, inputs: k, weights: problem.weights, stride: ldk)
    if operation == .forward {
      return [
        side(true) {
          ck_dense_forward_packed_f32(
            context.pointer, m, packed.pointer, x, ldk, b, act, y, ldn)
        },
        side(false) {
          ck_dense_forward_f32(context.pointer, m, n, k, x, ldk, w, ldk, b, act, y, ldn)
        },
      ]
    }
    return [
      side(true) {
        ck_dense_backward_data_packed_f32(
          context.pointer, m, packed.pointer, dz, ldn, x, ldk, act, dx, ldk)
      },
      side(false) {
        ck_dense_backward_data_f32(context.pointer, m, n, k, dz, ldn, w, ldk, x, ldk, act, dx, ldk)
      },
    ]
  }

  /// What a peer offers for an operation, each with the extra pass that it needs.
  static func peer(
    _ library: PeerLibrary, _ problem: DenseProblem, _ operation: DenseProblem.Operation,
    threads: Int, team: PeerThreads
  ) throws -> [PeerSide] {
    guard threads == 1 || !library.isSerial else { return [] }
    let prepare = { library.setThreads(threads) }
    prepare()
    func side(_ suffix: String, _ call: PeerCall) -> PeerSide {
      var members = team.use(threads)
      return PeerSide(
        name: library.name + suffix, isOurs: false, isPacked: call.isPacked,
        prepare: prepare,
        call: {
          try call.product()
          if !call.isFused { problem.pass(operation, &members) }
        })
    }
    var sides: [PeerSide] = []
    if let multiply = library.product {
      let p = problem.product(operation)
      let call = PeerCall(
        product: {
          try multiply(
            (p.isATransposed, p.isBTransposed), (p.m, p.n, p.k), p.a, p.strideA, p.b, p.strideB,
            p.c, p.strideC)
        }, isPacked: false)
      sides.append(side("", call))
    }
    if let call = try library.packed?(problem, operation) {
      sides.append(side(call.isPacked ? " packed" : " primitive", call))
    }
    return sides
  }
}
