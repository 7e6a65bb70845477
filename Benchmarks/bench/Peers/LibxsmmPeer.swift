/// libxsmm, which generates a kernel for each small product.
///
/// It has no transposed operands of its own (it would call a BLAS), so the weights of `forward` are
/// transposed once, as a trainer would after each step; the gradient of the weights is left out. On
/// one thread: its products do not thread by themselves.
enum LibxsmmPeer {
  private typealias SGEMM =
    @convention(c) (
      UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafePointer<Int32>, UnsafePointer<Int32>,
      UnsafePointer<Int32>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Int32>,
      UnsafePointer<Float>, UnsafePointer<Int32>, UnsafePointer<Float>,
      UnsafeMutablePointer<Float>, UnsafePointer<Int32>
    ) -> Void
  private typealias Text = @convention(c) () -> UnsafePointer<CChar>?

  static func open(name: String, path: String, threads: PeerThreads) throws -> PeerLibrary {
    let library = try DynamicLibrary(path: path)
    let start = try library.function("libxsmm_init", as: (@convention(c) () -> Void).self)
    let sgemm = try library.function("libxsmm_sgemm", as: SGEMM.self)
    let target = try library.function("libxsmm_get_target_arch", as: Text.self)
    start()
    return PeerLibrary(
      name: name, version: "libxsmm", kernels: { target().map { String(cString: $0) } ?? "" },
      setThreads: { _ = threads.use($0) }, product: nil,
      packed: { problem, operation in
        guard operation != .backwardWeights else { return nil }
        let product = problem.product(operation)
        let weights = product.isBTransposed ? problem.transposedWeights() : nil
        let b = weights.map { UnsafePointer($0.pointer) } ?? product.b
        let strideB = weights == nil ? product.strideB : problem.strideN
        // Column-major, a row-major product is that of the operands in the other order.
        return PeerCall(product: {
          _ = weights
          var (m, n, k) = (Int32(product.n), Int32(product.m), Int32(product.k))
          var (one, zero): (Float, Float) = (1, 0)
          var (lda, ldb) = (Int32(strideB), Int32(product.strideA))
          var ldc = Int32(product.strideC)
          var asIs = CChar(UInt8(ascii: "N"))
          var alsoAsIs = asIs
          sgemm(
            &asIs, &alsoAsIs, &m, &n, &k, &one, b, &lda, product.a, &ldb, &zero, product.c, &ldc)
        })
      }, isSerial: true)
  }
}
