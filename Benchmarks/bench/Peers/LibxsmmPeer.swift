// SPDX-License-Identifier: Apache-2.0

import Foundation

/// libxsmm, which generates a kernel for each small product.
///
/// Larger products are left to the caller: they are cut into tiles of its kernels here. It has no
/// transposed operands, so the weights of `forward` are transposed once, as a trainer would after
/// each step, and the gradient of the weights is left out. On one thread: it does not thread by
/// itself.
enum LibxsmmPeer {
  private typealias Kernel =
    @convention(c) (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  private typealias Dispatch =
    @convention(c) (
      Int32, Int32, Int32, UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Int32>,
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Int32>, UnsafePointer<Int32>
    ) -> UnsafeMutableRawPointer?
  private typealias Text = @convention(c) () -> UnsafePointer<CChar>?

  /// Four vectors of AVX-512 wide, so that its register tile is whole; as many rows of the batch.
  private static let tile = 64

  static func open(name: String, path: String, threads: PeerThreads) throws -> PeerLibrary {
    let library = try DynamicLibrary(path: path)
    let start = try library.function("libxsmm_init", as: (@convention(c) () -> Void).self)
    let dispatch = try library.function("libxsmm_smmdispatch", as: Dispatch.self)
    let target = try library.function("libxsmm_get_target_arch", as: Text.self)
    let binding = getenv("OMP_PROC_BIND").map { String(cString: $0) }
    start()
    // It tells the OpenMP runtime to bind threads to processors: everyone's, not only its own.
    if let binding { setenv("OMP_PROC_BIND", binding, 1) } else { unsetenv("OMP_PROC_BIND") }
    return PeerLibrary(
      name: name, version: "libxsmm", kernels: { target().map { String(cString: $0) } ?? "" },
      setThreads: { _ = threads.use($0) }, product: nil,
      packed: { problem, operation in
        guard operation != .backwardWeights else { return nil }
        let product = problem.product(operation)
        let weights = product.isBTransposed ? problem.transposedWeights() : nil
        let call = try tiled(
          product, b: weights.map { UnsafePointer($0.pointer) } ?? product.b,
          strideB: weights == nil ? product.strideB : problem.strideN, dispatch)
        return PeerCall(product: {
          withExtendedLifetime(weights, call)
        })
      }, isSerial: true)
  }

  /// A product in tiles; read by columns, a row-major one is that of its operands in the other
  /// order.
  private static func tiled(
    _ product: DenseProblem.Product, b: UnsafePointer<Float>, strideB: Int, _ dispatch: Dispatch
  ) throws -> () -> Void {
    func kernel(rows: Int, columns: Int) throws -> Kernel {
      var (lda, ldb, ldc) = (Int32(strideB), Int32(product.strideA), Int32(product.strideC))
      var (one, zero): (Float, Float) = (1, 0)
      var (noFlags, noPrefetch): (Int32, Int32) = (0, 0)
      guard
        let address = dispatch(
          Int32(columns), Int32(rows), Int32(product.k), &lda, &ldb, &ldc, &one, &zero, &noFlags,
          &noPrefetch)
      else { throw PeerFailure(peer: "libxsmm", text: "no kernel of \(rows) x \(columns)") }
      return unsafeBitCast(address, to: Kernel.self)
    }
    func edges(_ count: Int) -> [(start: Int, size: Int)] {
      stride(from: 0, to: count, by: tile).map { ($0, min(tile, count - $0)) }
    }
    var calls: [(Kernel, UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>)] =
      []
    // The columns outside: a tile of weights is used by all rows while it is near.
    for columns in edges(product.n) {
      for rows in edges(product.m) {
        calls.append(
          (
            try kernel(rows: rows.size, columns: columns.size), b + columns.start,
            product.a + rows.start * product.strideA,
            product.c + rows.start * product.strideC + columns.start
          ))
      }
    }
    return { for (kernel, weights, inputs, outputs) in calls { kernel(weights, inputs, outputs) } }
  }
}
