// SPDX-License-Identifier: Apache-2.0

/// MKL's products with weights that were packed before: cblas_sgemm_pack and cblas_sgemm_compute.
final class MKLPackedProduct {
  private typealias Size = @convention(c) (Int32, Int32, Int32, Int32) -> Int
  private typealias Pack =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32,
      UnsafeMutablePointer<Float>
    ) -> Void
  private typealias Compute =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, UnsafePointer<Float>, Int32,
      UnsafePointer<Float>, Int32, Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void

  private static let operandB: Int32 = 162
  private static let packedOperand: Int32 = 151

  /// Packs the weights of an operation that has some.
  static func maker(_ library: DynamicLibrary) throws -> PeerLibrary.PackedProduct {
    let size = try library.function("cblas_sgemm_pack_get_size", as: Size.self)
    let pack = try library.function("cblas_sgemm_pack", as: Pack.self)
    let compute = try library.function("cblas_sgemm_compute", as: Compute.self)
    return { problem, operation in
      guard operation != .backwardWeights else { return nil }
      let product = problem.product(operation)
      let (m, n, k) = (Int32(product.m), Int32(product.n), Int32(product.k))
      let transpose = product.isBTransposed ? CBLASPeers.transposed : CBLASPeers.asIs
      let bytes = size(operandB, m, n, k)
      let weights = FloatBuffer(count: bytes / MemoryLayout<Float>.stride + 1)
      pack(
        CBLASPeers.rowMajor, operandB, transpose, m, n, k, 1, product.b, Int32(product.strideB),
        weights.pointer)
      return PeerCall(product: {
        compute(
          CBLASPeers.rowMajor, CBLASPeers.asIs, packedOperand, m, n, k, product.a,
          Int32(product.strideA), weights.pointer, Int32(product.strideB), 0, product.c,
          Int32(product.strideC))
      })
    }
  }
}
