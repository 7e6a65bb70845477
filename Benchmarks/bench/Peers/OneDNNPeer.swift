// SPDX-License-Identifier: Apache-2.0

import CBenchProbes
import Foundation

/// oneDNN: its plain product, and its matmul primitive with reordered weights and everything fused.
enum OneDNNPeer {
  private typealias SGEMM =
    @convention(c) (
      CChar, CChar, Int, Int, Int, Float, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int,
      Float, UnsafeMutablePointer<Float>, Int
    ) -> Int32
  private typealias Version = @convention(c) () -> UnsafePointer<Int32>?

  static func open(name: String, path: String, threads: PeerThreads) throws -> PeerLibrary {
    let library = try DynamicLibrary(path: path)
    let sgemm = try library.function("dnnl_sgemm", as: SGEMM.self)
    let version = try library.function("dnnl_version", as: Version.self)
    let level = try library.function(
      "dnnl_get_effective_cpu_isa", as: (@convention(c) () -> Int32).self)
    guard let numbers = version() else { throw PeerFailure(peer: name, text: "no version") }
    let (yes, no) = (CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "N")))
    return PeerLibrary(
      name: name, version: "oneDNN \(numbers[0]).\(numbers[1]).\(numbers[2])",
      // A set of feature bits: those of AVX-512 Core are 0x27, of AVX2 7.
      kernels: { "instruction set bits 0x" + String(level(), radix: 16) },
      setThreads: { _ = threads.use($0) },
      product: { transposes, sizes, a, strideA, b, strideB, c, strideC in
        let status = sgemm(
          transposes.a ? yes : no, transposes.b ? yes : no, sizes.m, sizes.n, sizes.k, 1, a,
          strideA, b, strideB, 0, c, strideC)
        guard status == 0 else {
          throw PeerFailure(peer: name, text: "dnnl_sgemm failed with \(status)")
        }
      },
      packed: numbers[0] == 3
        ? { problem, operation in try primitive(name, library, problem, operation) } : nil)
  }

  /// The matmul primitive of an operation; for the gradient of the weights there is nothing to
  /// pack.
  private static func primitive(
    _ name: String, _ library: DynamicLibrary, _ problem: DenseProblem,
    _ operation: DenseProblem.Operation
  ) throws -> PeerCall {
    let product = problem.product(operation)
    let isForward = operation == .forward
    var description = probe_onednn_problem(
      m: Int64(product.m), n: Int64(product.n), k: Int64(product.k),
      a_row: Int64(product.isATransposed ? 1 : product.strideA),
      a_column: Int64(product.isATransposed ? product.strideA : 1),
      b_row: Int64(product.isBTransposed ? 1 : product.strideB),
      b_column: Int64(product.isBTransposed ? product.strideB : 1), c_row: Int64(product.strideC),
      a: product.a, b: product.b, c: product.c,
      bias: isForward ? UnsafePointer(problem.bias.pointer) : nil, slope: DenseProblem.slope,
      is_packed: operation == .backwardWeights ? 0 : 1)
    guard
      let created = probe_onednn_create(
        { library, name in name.flatMap { dlsym(library, $0) } }, library.handle, &description)
    else { throw PeerFailure(peer: name, text: "no matmul primitive for \(problem.shape.label)") }
    let owner = Primitive(pointer: created)
    return PeerCall(
      product: {
        guard probe_onednn_run(owner.pointer) == 0 else {
          throw PeerFailure(peer: name, text: "the matmul primitive failed")
        }
      }, isFused: isForward, isPacked: operation != .backwardWeights)
  }

  private final class Primitive {
    let pointer: OpaquePointer
    init(pointer: OpaquePointer) { self.pointer = pointer }
    deinit { probe_onednn_destroy(pointer) }
  }
}
