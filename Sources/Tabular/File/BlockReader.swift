// SPDX-License-Identifier: Apache-2.0

/// Reads a table's text in blocks of UTF-8, whatever its encoding, and decompresses gzip and
/// Zstandard (detected by the first bytes, not the name). No block is longer than 12 MiB, regardless
/// of the compression
/// ratio.
final class BlockReader {
  /// Bytes read from the input, before decompression.
  private(set) var bytesRead = 0
  /// The encoding of the text; known once the first block was read.
  private(set) var encoding: TextEncoding
  /// Whether the text begins with a byte order mark; blocks do not contain it.
  private(set) var hasByteOrderMark = false

  private let input: TableInput
  private var inflater: (any Decompressor)?
  /// Compressed bytes; those from `compressedStart` on have yet to be decompressed.
  private var compressed: [UInt8] = []
  private var compressedStart = 0
  private var transcoder: Transcoder?
  /// Lines returned so far, for error messages.
  private var lines = 0
  private var isStarted = false
  private var isEnded = false

  private static let blockSize = 1 << 22
  /// Number of bytes used to detect the encoding.
  private static let sampleSize = 1 << 12

  /// - Parameter encoding: the encoding of text without a byte order mark; nil for UTF-16 if NUL
  ///   bytes show it, otherwise UTF-8.
  init(_ input: TableInput, encoding: TextEncoding?) {
    self.input = input
    self.encoding = encoding ?? .utf8
    declared = encoding
  }

  private let declared: TextEncoding?

  /// The size of the file on disk in bytes; for a pipe, the bytes read so far.
  var totalBytes: Int { input.byteCount ?? bytesRead }

  /// The next block; empty at the end.
  func next() throws(TabularError) -> [UInt8] {
    while !isEnded {
      var block = try isStarted ? bytes() : start()
      isEnded = block.isEmpty
      if let transcoder {
        do {
          block = try transcoder.convert(block, isLast: isEnded)
        } catch {
          throw undecodable(error)
        }
        lines += block.withUnsafeBufferPointer(LineEnds.count(in:))
      }
      if !block.isEmpty { return block }
    }
    return []
  }

  /// Reads the first block and detects the encoding from it.
  private func start() throws(TabularError) -> [UInt8] {
    isStarted = true
    var block = try bytes()
    while block.count < Self.sampleSize {
      let more = try bytes()
      if more.isEmpty { break }
      block += more
    }
    if let (shown, length) = TextEncoding.shown(by: block), length > 0 || declared == nil {
      encoding = shown
      hasByteOrderMark = length > 0
      block.removeFirst(length)
    }
    if encoding != .utf8 { transcoder = Transcoder(from: encoding.name, to: "utf-8") }
    return block
  }

  /// The next decompressed bytes; empty at the end.
  private func bytes() throws(TabularError) -> [UInt8] {
    if inflater == nil {
      let block = try raw()
      guard bytesRead == block.count, let found = try decompressor(of: block) else { return block }
      inflater = found
      compressed = block
    }
    return try inflated()
  }

  /// What decompresses data that begin so; nil for data that are not compressed.
  private func decompressor(of block: [UInt8]) throws(TabularError) -> (any Decompressor)? {
    if block.starts(with: [0x1F, 0x8B]) { return GzipInflater() }
    guard block.starts(with: ZstandardStream.mark) else { return nil }
    guard let stream = ZstandardStream() else {
      throw .file(
        path: input.name,
        reason: "is compressed with Zstandard, and there is no libzstd (apt-get install libzstd1)")
    }
    return stream
  }

  private func inflated() throws(TabularError) -> [UInt8] {
    guard let inflater else { return [] }
    while true {
      if compressedStart == compressed.count && !inflater.isFull {
        compressed = try raw()
        compressedStart = 0
        if compressed.isEmpty {
          guard inflater.isAtMemberEnd else {
            throw .malformed(
              path: input.name, line: nil, problem: "the compressed file ends too early",
              hint: "it was cut off: copy or download it again")
          }
          return []
        }
      }
      var isDamaged = false
      let block = [UInt8](unsafeUninitializedCapacity: Self.blockSize) { space, used in
        compressed.withUnsafeBytes { bytes in
          let result = inflater.inflate(
            UnsafeRawBufferPointer(rebasing: bytes[compressedStart...]), into: space)
          compressedStart += result.consumed
          used = result.produced
          isDamaged = result.isDamaged
        }
      }
      if isDamaged {
        throw .malformed(
          path: input.name, line: nil, problem: "the compressed data are damaged",
          hint: "copy or download the file again")
      }
      if !block.isEmpty { return block }
    }
  }

  private func raw() throws(TabularError) -> [UInt8] {
    var block = try input.bytes(at: bytesRead, upTo: Self.blockSize)
    bytesRead += block.count
    // A pipe returns less at a time; blocks must not depend on that.
    while !block.isEmpty && block.count < Self.blockSize {
      let more = try input.bytes(at: bytesRead, upTo: Self.blockSize - block.count)
      if more.isEmpty { break }
      bytesRead += more.count
      block += more
    }
    return block
  }

  private func undecodable(_ problem: Transcoder.Problem) -> TabularError {
    let bytes = problem.bytes.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }
    return .malformed(
      path: input.name,
      line: lines + problem.output.withUnsafeBufferPointer(LineEnds.count(in:)) + 1,
      problem: "the bytes \(bytes.joined(separator: " ")) at offset \(problem.offset) are not "
        + "\(encoding.name)",
      hint: declared == nil
        ? "the file is damaged or cut off"
        : "the file is damaged or has a different encoding: --encoding NAME")
  }
}
