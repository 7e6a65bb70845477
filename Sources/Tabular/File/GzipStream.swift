// SPDX-License-Identifier: Apache-2.0

import CZlib
import Foundation

/// Decompresses data that consist of members, one after the other.
protocol Decompressor: AnyObject {
  /// Whether the input so far is complete members.
  var isAtMemberEnd: Bool { get }
  /// Whether more output may be available without further input.
  var isFull: Bool { get }
  /// Decompresses `input` into `space` until one of them is exhausted; ``isFull`` then tells
  /// whether it was the space.
  func inflate(
    _ input: UnsafeRawBufferPointer, into space: UnsafeMutableBufferPointer<UInt8>
  ) -> (consumed: Int, produced: Int, isDamaged: Bool)
}

/// Decompresses gzip data, member by member.
final class GzipInflater: Decompressor {
  private var stream = z_stream()
  private(set) var isAtMemberEnd = false
  private(set) var isFull = false

  init() {
    inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit { inflateEnd(&stream) }

  func inflate(
    _ input: UnsafeRawBufferPointer, into space: UnsafeMutableBufferPointer<UInt8>
  ) -> (consumed: Int, produced: Int, isDamaged: Bool) {
    stream.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(input.count)
    stream.next_out = space.baseAddress
    stream.avail_out = UInt32(space.count)
    var isDamaged = false
    while (stream.avail_in > 0 || isFull) && stream.avail_out > 0 && !isDamaged {
      if isAtMemberEnd {
        // Tapes and archives pad the last block with zeros.
        if stream.next_in.pointee == 0 {
          stream.next_in += 1
          stream.avail_in -= 1
          continue
        }
        inflateReset(&stream)
        isAtMemberEnd = false
      }
      switch CZlib.inflate(&stream, Z_NO_FLUSH) {
      case Z_STREAM_END: isAtMemberEnd = true
      case Z_OK, Z_BUF_ERROR: break
      default: isDamaged = true
      }
      isFull = stream.avail_out == 0 && !isAtMemberEnd
    }
    return (input.count - Int(stream.avail_in), space.count - Int(stream.avail_out), isDamaged)
  }
}

/// Compresses to gzip.
final class GzipDeflater {
  private var stream = z_stream()

  init() {
    deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
  }

  deinit { deflateEnd(&stream) }

  /// Compresses the next bytes and returns the available output; all of it with `finish`.
  func deflate(_ input: UnsafeRawBufferPointer, finish: Bool) -> [UInt8] {
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    stream.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(input.count)
    while true {
      let (status, produced) = buffer.withUnsafeMutableBufferPointer { space -> (Int32, Int) in
        stream.next_out = space.baseAddress
        stream.avail_out = UInt32(space.count)
        let status = CZlib.deflate(&stream, finish ? Z_FINISH : Z_NO_FLUSH)
        return (status, space.count - Int(stream.avail_out))
      }
      output.append(contentsOf: buffer[..<produced])
      if finish ? status == Z_STREAM_END : stream.avail_out > 0 { return output }
      if status != Z_OK && status != Z_BUF_ERROR { return output }
    }
  }
}
