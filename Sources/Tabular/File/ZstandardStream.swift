// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Decompresses Zstandard data, frame by frame, with the system's libzstd, which is loaded when it
/// is needed.
final class ZstandardStream: Decompressor {
  /// A buffer as the library takes it: start, size, position.
  private struct Buffer {
    var start: UnsafeMutableRawPointer?
    var size: Int
    var position: Int
  }

  private typealias Create = @convention(c) () -> OpaquePointer?
  private typealias Free = @convention(c) (OpaquePointer?) -> Int
  private typealias Decompress =
    @convention(c) (
      OpaquePointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer
    ) -> Int
  private typealias IsError = @convention(c) (Int) -> UInt32

  private let free: Free
  private let decompress: Decompress
  private let isError: IsError
  private let stream: OpaquePointer
  private(set) var isAtMemberEnd = false
  private(set) var isFull = false

  /// The first bytes of a frame.
  static let mark: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  private static let names = ["libzstd.so.1", "libzstd.1.dylib", "libzstd.so"]

  /// Nil if there is no libzstd.
  init?() {
    guard let library = Self.names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
      let create = dlsym(library, "ZSTD_createDStream"),
      let free = dlsym(library, "ZSTD_freeDStream"),
      let decompress = dlsym(library, "ZSTD_decompressStream"),
      let isError = dlsym(library, "ZSTD_isError"),
      let stream = unsafeBitCast(create, to: Create.self)()
    else { return nil }
    self.free = unsafeBitCast(free, to: Free.self)
    self.decompress = unsafeBitCast(decompress, to: Decompress.self)
    self.isError = unsafeBitCast(isError, to: IsError.self)
    self.stream = stream
  }

  deinit { _ = free(stream) }

  func inflate(
    _ input: UnsafeRawBufferPointer, into space: UnsafeMutableBufferPointer<UInt8>
  ) -> (consumed: Int, produced: Int, isDamaged: Bool) {
    var source = Buffer(
      start: UnsafeMutableRawPointer(mutating: input.baseAddress), size: input.count, position: 0)
    var target = Buffer(
      start: UnsafeMutableRawPointer(space.baseAddress), size: space.count, position: 0)
    var isDamaged = false
    while target.position < target.size && !isDamaged {
      let before = (source.position, target.position)
      let status = decompress(stream, &target, &source)
      isDamaged = isError(status) != 0
      if (source.position, target.position) == before { break }
      isAtMemberEnd = status == 0
    }
    isFull = target.position == target.size
    return (source.position, target.position, isDamaged)
  }
}
