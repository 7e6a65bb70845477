// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where peers are looked for, and how each is opened.
struct PeerCatalog {
  /// One that was found, or why it was not.
  typealias Entry = (name: String, library: Result<PeerLibrary, PeerFailure>)

  private typealias Opener = @Sendable (String, String, PeerThreads) throws -> PeerLibrary

  private struct Kind: Sendable {
    let name: String
    let fetched: String
    /// Names that the system's loader may find.
    let installed: [String]
    let open: Opener
  }

  /// MKL comes last: its functions become visible to what is opened after it.
  private static let kinds = [
    Kind(
      name: "openblas", fetched: "openblas/libscipy_openblas.so", installed: ["libopenblas.so.0"],
      open: { try CBLASPeers.openBLAS(name: $0, path: $1, threads: $2) }),
    Kind(
      name: "blis", fetched: "blis/libblis.so.4", installed: ["libblis.so.4"],
      open: { try CBLASPeers.blis(name: $0, path: $1, threads: $2) }),
    Kind(
      name: "onednn", fetched: "onednn/libdnnl.so.3", installed: ["libdnnl.so.3", "libdnnl.so.2"],
      open: { try OneDNNPeer.open(name: $0, path: $1, threads: $2) }),
    Kind(
      name: "libxsmm", fetched: "libxsmm/libxsmm.so", installed: ["libxsmm.so"],
      open: { try LibxsmmPeer.open(name: $0, path: $1, threads: $2) }),
    Kind(
      name: "mkl", fetched: "mkl/libmkl_core.so.3", installed: ["libmkl_core.so.3"],
      open: { try CBLASPeers.mkl(name: $0, path: $1, threads: $2) }),
  ]

  static var names: [String] { kinds.map(\.name) }

  /// Settings that would hold a peer back, or make it run another kernel than it chooses.
  private static let environmentOverrides = [
    "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS",
    "OMP_NUM_THREADS", "OMP_DYNAMIC", "OMP_THREAD_LIMIT", "MKL_NUM_THREADS", "MKL_DYNAMIC",
    "MKL_ENABLE_INSTRUCTIONS", "MKL_CBWR", "BLIS_NUM_THREADS", "BLIS_ARCH_TYPE",
    "DNNL_MAX_CPU_ISA", "ONEDNN_MAX_CPU_ISA",
  ]

  /// Takes them out of the environment of this process; returns those that were there.
  static func clearEnvironment() -> [String] {
    environmentOverrides.filter { name in
      guard let value = getenv(name).map({ String(cString: $0) }) else { return false }
      unsetenv(name)
      return !value.isEmpty
    }
  }

  /// Opens all peers: those with a path of their own from there, the others from `folder` or where
  /// the system has them.
  static func open(folder: String, paths: [String: String], threads: PeerThreads) -> [Entry] {
    kinds.map { kind in
      var candidates = kind.installed
      let fetched = "\(folder)/\(kind.fetched)"
      if FileManager.default.fileExists(atPath: fetched) { candidates.insert(fetched, at: 0) }
      if let path = paths[kind.name] { candidates = [path] }
      // Why the nearest candidate failed says most.
      var failures: [PeerFailure] = []
      for candidate in candidates {
        do {
          return (kind.name, .success(try kind.open(kind.name, candidate, threads)))
        } catch let error as PeerFailure {
          failures.append(error)
        } catch {
          failures.append(PeerFailure(peer: kind.name, text: "\(error)"))
        }
      }
      return (kind.name, .failure(failures[0]))
    }
  }
}
