// SPDX-License-Identifier: Apache-2.0

import CBenchProbes

/// A library whose products are timed beside ours.
struct PeerLibrary {
  /// Row-major C[m][n] = op(A) op(B); true transposes.
  typealias Product = (
    _ transposes: (a: Bool, b: Bool), _ sizes: (m: Int, n: Int, k: Int),
    _ a: UnsafePointer<Float>, _ strideA: Int, _ b: UnsafePointer<Float>, _ strideB: Int,
    _ c: UnsafeMutablePointer<Float>, _ strideC: Int
  ) throws -> Void

  /// What a product is done with, after the operands are known: a closure for each measurement.
  typealias PackedProduct = (DenseProblem, DenseProblem.Operation) throws -> PeerCall?

  let name: String
  /// What it says of itself, and which of its kernels it runs on this processor.
  let version: String
  let kernels: () -> String
  /// Threads of the products that follow.
  let setThreads: (Int) -> Void
  /// The plain product; nil where the library takes an operation apart in its own way only.
  let product: Product?
  /// The same with weights in the library's own layout, made once; nil where it has none.
  let packed: PackedProduct?
  /// What the library cannot do on several threads is measured on one.
  var isSerial = false
}

/// What a peer does within the time, and whether a pass over the result is still to come.
struct PeerCall {
  let product: () throws -> Void
  /// The library has fused bias and activation (or derivative) itself.
  var isFused = false
  /// The weights are in the library's own layout.
  var isPacked = true
}
