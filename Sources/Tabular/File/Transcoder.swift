// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Converts text from one encoding to another, block by block, with the system's `iconv`.
final class Transcoder {
  /// Why a block could not be converted: an invalid byte sequence, or a character that the target
  /// encoding lacks.
  struct Problem: Error {
    /// Offset of the problem in the whole input.
    var offset: Int
    var bytes: [UInt8]
    /// The converted text before the problem.
    var output: [UInt8]
  }

  private let handle: iconv_t
  /// The beginning of a character that continues in the next block.
  private var pending: [UInt8] = []
  private var consumed = 0

  /// Nil if the system does not know one of the encodings.
  init?(from source: String, to target: String) {
    guard let handle = iconv_open(target, source), Int(bitPattern: handle) != -1 else { return nil }
    self.handle = handle
  }

  deinit { iconv_close(handle) }

  /// Converts the next block.
  ///
  /// - Parameter isLast: whether an incomplete character at the end is an error.
  func convert(_ block: [UInt8], isLast: Bool) throws(Problem) -> [UInt8] {
    var input = pending + block
    pending = []
    var output: [UInt8] = []
    output.reserveCapacity(input.count + input.count / 2 + 16)
    var used = 0
    while used < input.count {
      var problem: Int32 = 0
      let space = 2 * (input.count - used) + 64
      let part = [UInt8](unsafeUninitializedCapacity: space) { buffer, count in
        input.withUnsafeMutableBytes { bytes in
          var from: UnsafeMutablePointer<CChar>? = bytes.baseAddress!
            .advanced(by: used).assumingMemoryBound(to: CChar.self)
          var fromLeft = bytes.count - used
          var to: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(buffer.baseAddress!)
            .assumingMemoryBound(to: CChar.self)
          var toLeft = space
          if iconv(handle, &from, &fromLeft, &to, &toLeft) == -1 {
            problem = errno
          }
          used = bytes.count - fromLeft
          count = space - toLeft
        }
      }
      output += part
      switch problem {
      case 0, E2BIG: break
      case EINVAL where !isLast:
        pending = Array(input[used...])
        consumed += used
        return output
      default:
        throw Problem(
          offset: consumed + used, bytes: Array(input[used...].prefix(4)), output: output)
      }
    }
    consumed += used
    return output
  }
}
