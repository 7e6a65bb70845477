// SPDX-License-Identifier: Apache-2.0

import CBenchProbes
import Foundation

/// Libraries with the C interface of the BLAS: OpenBLAS, BLIS and MKL.
enum CBLASPeers {
  private typealias SGEMM =
    @convention(c) (
      Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32,
      UnsafePointer<Float>, Int32, Float, UnsafeMutablePointer<Float>, Int32
    ) -> Void
  private typealias Text = @convention(c) () -> UnsafePointer<CChar>?

  static let rowMajor: Int32 = 101
  static let asIs: Int32 = 111
  static let transposed: Int32 = 112

  private static func product(_ library: DynamicLibrary) throws -> PeerLibrary.Product {
    let sgemm = try library.function("cblas_sgemm", "scipy_cblas_sgemm", as: SGEMM.self)
    return { transposes, sizes, a, strideA, b, strideB, c, strideC in
      sgemm(
        rowMajor, transposes.a ? transposed : asIs, transposes.b ? transposed : asIs,
        Int32(sizes.m), Int32(sizes.n), Int32(sizes.k), 1, a, Int32(strideA), b, Int32(strideB), 0,
        c, Int32(strideC))
    }
  }

  static func openBLAS(name: String, path: String, threads: PeerThreads) throws -> PeerLibrary {
    let library = try DynamicLibrary(path: path)
    let set = try library.function(
      "openblas_set_num_threads", "scipy_openblas_set_num_threads",
      as: (@convention(c) (Int32) -> Void).self)
    let configuration = try library.function(
      "openblas_get_config", "scipy_openblas_get_config", as: Text.self)
    let core = try library.function(
      "openblas_get_corename", "scipy_openblas_get_corename", as: Text.self)
    let version = configuration().map { String(cString: $0) } ?? ""
    // One that was built with OpenMP is on the common runtime already.
    let adopt =
      version.contains("USE_OPENMP")
      ? nil
      : library.address(
        "openblas_set_threads_callback_function", "scipy_openblas_set_threads_callback_function")
    return PeerLibrary(
      name: name, version: version.split(separator: " ").prefix(2).joined(separator: " "),
      kernels: { core().map { String(cString: $0) } ?? "" },
      setThreads: { count in
        var team = threads.use(count)
        set(Int32(count))
        if let adopt { probe_peer_adopt_openblas(adopt, &team) }
      },
      product: try product(library), packed: nil)
  }

  static func blis(name: String, path: String, threads: PeerThreads) throws -> PeerLibrary {
    let library = try DynamicLibrary(path: path)
    let set = try library.function(
      "bli_thread_set_num_threads", as: (@convention(c) (Int) -> Void).self)
    let version = try library.function("bli_info_get_version_str", as: Text.self)
    let query = try library.function(
      "bli_arch_query_id", as: (@convention(c) () -> Int32).self)
    let text = try library.function(
      "bli_arch_string", as: (@convention(c) (Int32) -> UnsafePointer<CChar>?).self)
    return PeerLibrary(
      name: name, version: "BLIS " + (version().map { String(cString: $0) } ?? ""),
      kernels: { text(query()).map { String(cString: $0) } ?? "" },
      setThreads: { count in
        _ = threads.use(count)
        set(count)
      },
      product: try product(library), packed: nil)
  }

  /// MKL in parts: its core, its threads by the GNU names, its 32-bit interface. `path` is the
  /// core.
  static func mkl(name: String, path: String, threads: PeerThreads) throws -> PeerLibrary {
    _ = try DynamicLibrary(path: path, isGlobal: true)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    func part(_ name: String) throws -> DynamicLibrary {
      let file = URL(fileURLWithPath: path).lastPathComponent
        .replacingOccurrences(of: "mkl_core", with: name)
      return try DynamicLibrary(path: folder.appendingPathComponent(file).path, isGlobal: true)
    }
    _ = try part("mkl_gnu_thread")
    let interface = try part("mkl_intel_lp64")
    let set = try interface.function(
      "MKL_Set_Num_Threads", as: (@convention(c) (Int32) -> Void).self)
    let setDynamic = try interface.function(
      "MKL_Set_Dynamic", as: (@convention(c) (Int32) -> Void).self)
    let version = try interface.function(
      "MKL_Get_Version_String",
      as: (@convention(c) (UnsafeMutablePointer<CChar>, Int32) -> Void).self)
    setDynamic(0)
    var text = [CChar](repeating: 0, count: 200)
    version(&text, 200)
    let sentence = String(
      decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    // "Intel(R) oneAPI Math Kernel Library Version 2026.2-Product Build ..."
    let number = sentence.components(separatedBy: "Version ").last?.prefix {
      $0.isNumber || $0 == "."
    }
    return PeerLibrary(
      name: name, version: "MKL \(number ?? "")",
      kernels: { mklKernels() },
      setThreads: { count in
        _ = threads.use(count)
        set(Int32(count))
      },
      product: try product(interface), packed: try MKLPackedProduct.maker(interface))
  }

  /// MKL's kernels of each processor are libraries of their own: the one that it opened.
  private static func mklKernels() -> String {
    let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    let names = ["avx10", "avx512", "avx2", "mc3", "def"].filter { maps.contains("libmkl_\($0).") }
    return names.joined(separator: ", ")
  }
}
