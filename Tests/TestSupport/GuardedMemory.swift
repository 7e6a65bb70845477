// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Memory between two inaccessible pages, flush against one of them: who reads or writes past that
/// end crashes.
public final class GuardedMemory {
  /// Which end of the elements touches an inaccessible page.
  public enum Side: String, CaseIterable, Sendable {
    case end, beginning
  }

  /// The first byte of the elements.
  public let start: UnsafeMutableRawPointer
  private let mapping: UnsafeMutableRawPointer
  private let length: Int

  /// `bytes` for elements and, on the side without an inaccessible page, `margin` more.
  public init(bytes: Int, margin: Int = 0, flush side: Side = .end) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let inner = max(1, (bytes + margin + page - 1) / page) * page
    length = inner + 2 * page
    let mapped = mmap(nil, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { preconditionFailure("no memory to map") }
    guard mprotect(mapped + page, inner, PROT_READ | PROT_WRITE) == 0 else {
      preconditionFailure("pages cannot be made accessible")
    }
    mapping = mapped
    start = side == .end ? mapped + page + inner - bytes : mapped + page
  }

  deinit { munmap(mapping, length) }
}
