// SPDX-License-Identifier: Apache-2.0

import CBenchProbes
import Foundation

/// The OpenMP runtime that ours and the peers' threads belong to.
///
/// All of them must run on one: two pools that each keep spinning for a while after their work
/// would take the processors from each other, and whoever is measured second would lose. The peers
/// are built against the GNU names, which LLVM's runtime has too.
struct PeerThreads {
  private typealias SetThreads = @convention(c) (Int32) -> Void

  private let setThreads: SetThreads
  private let template: probe_peer_threads
  /// The file name of the runtime.
  let runtime: String

  init() throws {
    let names = [
      "GOMP_parallel", "omp_get_thread_num", "omp_get_num_threads", "omp_set_num_threads",
    ]
    var found = names.map { dlsym(nil, $0) }
    if found.contains(where: { $0 == nil }) {
      // A build of ours without OpenMP.
      let library = try DynamicLibrary(path: "libgomp.so.1", isGlobal: true)
      found = names.map { dlsym(library.handle, $0) }
    }
    guard let parallel = found[0], let member = found[1], let size = found[2], let set = found[3]
    else { throw PeerFailure(peer: "OpenMP", text: "no runtime with the GNU names was found") }
    template = probe_peer_threads(
      parallel: unsafeBitCast(parallel, to: type(of: probe_peer_threads().parallel)),
      member: unsafeBitCast(member, to: type(of: probe_peer_threads().member)),
      team_size: unsafeBitCast(size, to: type(of: probe_peer_threads().team_size)), count: 1)
    setThreads = unsafeBitCast(set, to: SetThreads.self)
    runtime = Self.libraryHolding(UInt(bitPattern: parallel)) ?? "unknown"
  }

  /// The file name of the library that an address of this process belongs to, by Linux's own list.
  private static func libraryHolding(_ address: UInt) -> String? {
    let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    let line = maps.split(separator: "\n").first { line in
      let ends = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
      return ends.count == 2 && ends[0] <= address && address < ends[1]
    }
    return line?.split(separator: "/").last.map(String.init)
  }

  /// Makes regions of this thread have `count` members, and says so in the form the passes take.
  func use(_ count: Int) -> probe_peer_threads {
    setThreads(Int32(count))
    var threads = template
    threads.count = Int32(count)
    return threads
  }
}
