import CZlib
import Foundation

/// Inflates gzip data, one member after the other.
final class GzipInflater {
  private var stream = z_stream()
  private(set) var isAtMemberEnd = false

  init() {
    inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit { inflateEnd(&stream) }

  /// Inflates all of `input`, appending to `output`; returns nil, or what is wrong with the data.
  func inflate(_ input: UnsafeRawBufferPointer, into output: inout [UInt8]) -> String? {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    stream.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(input.count)
    while stream.avail_in > 0 {
      if isAtMemberEnd {
        inflateReset(&stream)
        isAtMemberEnd = false
      }
      let (status, produced) = buffer.withUnsafeMutableBufferPointer { space -> (Int32, Int) in
        stream.next_out = space.baseAddress
        stream.avail_out = UInt32(space.count)
        let status = CZlib.inflate(&stream, Z_NO_FLUSH)
        return (status, space.count - Int(stream.avail_out))
      }
      output.append(contentsOf: buffer[..<produced])
      switch status {
      case Z_STREAM_END: isAtMemberEnd = true
      case Z_OK: break
      case Z_BUF_ERROR where produced == 0: return nil
      case Z_BUF_ERROR: break
      default: return "the compressed data are damaged"
      }
    }
    return nil
  }
}

/// Deflates to gzip.
final class GzipDeflater {
  private var stream = z_stream()

  init() {
    deflateInit2_(
      &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
  }

  deinit { deflateEnd(&stream) }

  /// The compressed form of what has been given so far; all of it with `finish`.
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
