// SPDX-License-Identifier: Apache-2.0

import CArrow
import Foundation

/// An Arrow array put together by hand, with whatever contradictions a test wants.
package struct HandMadeArray {
  package var length: Int64
  package var offset: Int64 = 0
  package var nullCount: Int64 = -1
  /// The buffers' bytes; nil is a null pointer.
  package var buffers: [[UInt8]?]
  package var dictionary: [HandMadeArray] = []
  /// The number of buffers to claim; nil for the true one.
  package var claimedBuffers: Int64?

  package init(
    length: Int64, offset: Int64 = 0, nullCount: Int64 = -1, buffers: [[UInt8]?],
    dictionary: HandMadeArray? = nil
  ) {
    self.length = length
    self.offset = offset
    self.nullCount = nullCount
    self.buffers = buffers
    self.dictionary = dictionary.map { [$0] } ?? []
  }

  /// The bytes of values, as a buffer.
  package static func bytes<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] {
    values.withUnsafeBytes(Array.init)
  }

  /// The bits of flags, as a buffer.
  package static func bits(_ flags: [Bool]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (flags.count + 7) / 8)
    for (i, flag) in flags.enumerated() where flag { bytes[i / 8] |= 1 << UInt8(i % 8) }
    return bytes
  }
}

/// A column of a stream put together by hand.
package struct HandMadeField {
  package var name: String
  package var format: String
  /// The format of the dictionary's values.
  package var dictionary: String?

  package init(_ name: String, _ format: String, dictionary: String? = nil) {
    self.name = name
    self.format = format
    self.dictionary = dictionary
  }
}

/// A batch put together by hand.
package struct HandMadeBatch {
  package var length: Int64
  package var offset: Int64 = 0
  package var columns: [HandMadeArray]

  package init(length: Int64, offset: Int64 = 0, columns: [HandMadeArray]) {
    self.length = length
    self.offset = offset
    self.columns = columns
  }
}

/// A stream of such batches. It counts what a consumer has released.
package final class HandMadeStream {
  package private(set) var released = 0
  /// Arrays, schemas and streams handed out.
  package private(set) var handedOut = 0
  private let fields: [HandMadeField]
  private var batches: [HandMadeBatch]
  private var memory: [UnsafeMutableRawPointer] = []

  package init(_ fields: [HandMadeField], _ batches: [HandMadeBatch]) {
    self.fields = fields
    self.batches = batches
  }

  deinit { for block in memory { free(block) } }

  /// Calls `body` with the stream.
  package func withStream<Result>(
    _ body: (UnsafeMutablePointer<ArrowArrayStream>) throws -> Result
  ) rethrows -> Result {
    var stream = ArrowArrayStream()
    stream.private_data = Unmanaged.passUnretained(self).toOpaque()
    stream.get_schema = { stream, out in
      out!.initialize(to: HandMadeStream.of(stream!.pointee.private_data).schema())
      return 0
    }
    stream.get_next = { stream, out in
      out!.initialize(to: HandMadeStream.of(stream!.pointee.private_data).next())
      return 0
    }
    stream.get_last_error = { _ in nil }
    stream.release = { stream in
      HandMadeStream.of(stream!.pointee.private_data).released += 1
      stream!.pointee.release = nil
    }
    handedOut += 1
    return try withExtendedLifetime(self) { try body(&stream) }
  }

  private static func of(_ data: UnsafeMutableRawPointer?) -> HandMadeStream {
    Unmanaged<HandMadeStream>.fromOpaque(data!).takeUnretainedValue()
  }

  private func block(_ bytes: Int) -> UnsafeMutableRawPointer {
    // No byte more than asked for, so that a memory checker sees what is read beyond.
    let block = malloc(max(bytes, 1))!
    memory.append(block)
    return block
  }

  private func text(_ text: String) -> UnsafePointer<CChar> {
    let copy = strdup(text)!
    memory.append(UnsafeMutableRawPointer(copy))
    return UnsafePointer(copy)
  }

  private func pointers<Value>(_ values: [Value]) -> UnsafeMutablePointer<Value> {
    let list = block(MemoryLayout<Value>.stride * values.count)
      .bindMemory(to: Value.self, capacity: max(values.count, 1))
    for (i, value) in values.enumerated() { (list + i).initialize(to: value) }
    return list
  }

  // MARK: Schemas

  private func schema() -> ArrowSchema {
    handedOut += 1
    return schema(
      "", "+s",
      children: fields.map { field in
        schema(field.name, field.format, dictionary: field.dictionary.map { schema("", $0) })
      })
  }

  private func schema(
    _ name: String, _ format: String, children: [ArrowSchema] = [], dictionary: ArrowSchema? = nil
  ) -> ArrowSchema {
    var schema = ArrowSchema()
    schema.name = text(name)
    schema.format = text(format)
    schema.n_children = Int64(children.count)
    if !children.isEmpty {
      schema.children = pointers(children.map { Optional(pointers([$0])) })
    }
    schema.dictionary = dictionary.map { pointers([$0]) }
    schema.private_data = Unmanaged.passUnretained(self).toOpaque()
    // Children go with their parents.
    schema.release = { schema in
      HandMadeStream.of(schema!.pointee.private_data).released += 1
      schema!.pointee.release = nil
    }
    return schema
  }

  // MARK: Arrays

  private func next() -> ArrowArray {
    guard !batches.isEmpty else { return ArrowArray() }
    let batch = batches.removeFirst()
    var root = ArrowArray()
    root.length = batch.length
    root.offset = batch.offset
    root.n_buffers = 1
    root.buffers = pointers([UnsafeRawPointer?.none])
    root.n_children = Int64(batch.columns.count)
    root.children = pointers(batch.columns.map { Optional(pointers([array($0)])) })
    root.private_data = Unmanaged.passUnretained(self).toOpaque()
    root.release = { array in
      HandMadeStream.of(array!.pointee.private_data).released += 1
      array!.pointee.release = nil
    }
    handedOut += 1
    return root
  }

  private func array(_ values: HandMadeArray) -> ArrowArray {
    var array = ArrowArray()
    array.length = values.length
    array.offset = values.offset
    array.null_count = values.nullCount
    array.n_buffers = values.claimedBuffers ?? Int64(values.buffers.count)
    array.buffers = pointers(
      values.buffers.map { bytes -> UnsafeRawPointer? in
        guard let bytes else { return nil }
        let copy = block(bytes.count)
        bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, bytes.count) } }
        return UnsafeRawPointer(copy)
      })
    array.dictionary = values.dictionary.first.map { pointers([self.array($0)]) }
    array.release = { array in array!.pointee.release = nil }
    return array
  }
}
