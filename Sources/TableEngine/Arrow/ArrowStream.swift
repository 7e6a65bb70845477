// SPDX-License-Identifier: Apache-2.0

import CArrow
import Foundation

/// A stream of Arrow arrays from a producer; released with the value.
final class ArrowStream {
  let pointer: UnsafeMutablePointer<ArrowArrayStream>
  /// Keeps the stream's producer.
  private let producer: AnyObject?
  private let schema = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)

  init(keeping producer: AnyObject? = nil) {
    self.producer = producer
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: ArrowArrayStream())
    schema.initialize(to: ArrowSchema())
  }

  deinit {
    schema.pointee.release?(schema)
    pointer.pointee.release?(pointer)
    schema.deallocate()
    pointer.deallocate()
  }

  /// The columns of the stream; called once.
  func fields() throws(EngineError) -> [ArrowField] {
    guard let get = pointer.pointee.get_schema else { throw .malformed("no schema") }
    try check(get(pointer, schema))
    return try ArrowField.fields(of: schema)
  }

  /// The next batch of rows; nil at the end.
  func next() throws(EngineError) -> ArrowBatch? {
    guard let get = pointer.pointee.get_next else { throw .malformed("no batches") }
    let batch = ArrowBatch()
    try check(get(pointer, batch.pointer))
    return batch.pointer.pointee.release == nil ? nil : batch
  }

  private func check(_ status: Int32) throws(EngineError) {
    guard status != 0 else { return }
    let message = pointer.pointee.get_last_error?(pointer).map { String(cString: $0) }
    throw EngineError(message: message ?? String(cString: strerror(status)))
  }
}

/// A batch of rows: a struct array, one child for each column; released with the value.
final class ArrowBatch: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<ArrowArray>

  init() {
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: ArrowArray())
  }

  deinit {
    pointer.pointee.release?(pointer)
    pointer.deallocate()
  }
}
