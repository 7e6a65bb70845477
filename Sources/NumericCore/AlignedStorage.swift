#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Numbers of one type on a cache line, zero at first.
final class AlignedStorage<Element: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Element>

  /// No object is larger; so byte counts, and sums of a few of them, stay far from overflow.
  private static var mostBytes: Int { Int.max / 16 }

  /// Makes room for `rows * stride` elements, whose zero is all bits zero.
  ///
  /// - Parameter purpose: what it is for, as "a 3 x 5 matrix".
  /// - Throws: ``NumericError/outOfMemory(bytes:purpose:)`` where there is no such room.
  init(
    rows: Int, stride: Int, for purpose: @autoclosure () -> String
  ) throws(NumericError) {
    let size = MemoryLayout<Element>.stride
    let (count, overflow) = rows.multipliedReportingOverflow(by: stride)
    guard !overflow, count <= Self.mostBytes / size else {
      throw .outOfMemory(bytes: nil, purpose: purpose())
    }
    // Whole cache lines, and one more: vectors are read beyond the last element.
    let bytes = (count * size + 127) / 64 * 64
    guard let memory = aligned_alloc(64, bytes) else {
      throw .outOfMemory(bytes: bytes, purpose: purpose())
    }
    memset(memory, 0, bytes)
    base = memory.bindMemory(to: Element.self, capacity: bytes / size)
  }

  deinit { free(base) }
}
