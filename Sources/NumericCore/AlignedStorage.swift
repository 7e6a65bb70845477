// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Numbers of one type, aligned to a cache line and initially zero.
final class AlignedStorage<Element: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Element>

  /// Limit on the size of an object, so that byte counts and sums of a few of them cannot overflow.
  private static var maxBytes: Int { Int.max / 16 }

  /// Allocates `rows * stride` elements, for which all bits zero means zero.
  ///
  /// - Parameter purpose: what the memory is for, such as "a 3 x 5 matrix".
  /// - Throws: ``NumericError/outOfMemory(bytes:purpose:)`` if there is not enough memory.
  init(
    rows: Int, stride: Int, for purpose: @autoclosure () -> String
  ) throws(NumericError) {
    let size = MemoryLayout<Element>.stride
    let (count, overflow) = rows.multipliedReportingOverflow(by: stride)
    guard !overflow, count <= Self.maxBytes / size else {
      throw .outOfMemory(bytes: nil, purpose: purpose())
    }
    // Whole cache lines plus one, because vector loads read beyond the last element.
    let bytes = (count * size + 127) / 64 * 64
    guard let memory = aligned_alloc(64, bytes) else {
      throw .outOfMemory(bytes: bytes, purpose: purpose())
    }
    memset(memory, 0, bytes)
    base = memory.bindMemory(to: Element.self, capacity: bytes / size)
  }

  deinit { free(base) }
}
