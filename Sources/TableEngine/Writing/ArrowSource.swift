// SPDX-License-Identifier: Apache-2.0

import CArrow
import Foundation

/// An Arrow stream whose batches a function makes one after the other.
///
/// The consumer calls it on a thread of its own, one call at a time.
final class ArrowSource: @unchecked Sendable {
  private let schema: @Sendable () -> ArrowSchema
  private let next: () throws -> ArrowArray?
  /// Why the last batch could not be made.
  private(set) var problem: (any Error)?
  private var message: UnsafeMutablePointer<CChar>?

  /// - Parameter next: the next batch, nil at the end; an error that it throws ends the stream.
  init(schema: @escaping @Sendable () -> ArrowSchema, next: @escaping () throws -> ArrowArray?) {
    self.schema = schema
    self.next = next
  }

  deinit { free(message) }

  /// Calls `body` with a stream of these batches.
  func withStream<Result>(
    _ body: (UnsafeMutablePointer<ArrowArrayStream>) throws -> Result
  ) rethrows -> Result {
    var stream = ArrowArrayStream()
    stream.private_data = Unmanaged.passRetained(self).toOpaque()
    stream.get_schema = { stream, out in
      guard let source = ArrowSource.of(stream) else { return EINVAL }
      out?.initialize(to: source.schema())
      return 0
    }
    stream.get_next = { stream, out in
      guard let source = ArrowSource.of(stream), let out else { return EINVAL }
      return source.get(out)
    }
    stream.get_last_error = { stream in ArrowSource.of(stream)?.message.map { UnsafePointer($0) } }
    stream.release = { stream in
      guard let stream, let source = stream.pointee.private_data else { return }
      stream.pointee.release = nil
      stream.pointee.private_data = nil
      Unmanaged<ArrowSource>.fromOpaque(source).release()
    }
    defer { stream.release?(&stream) }
    return try body(&stream)
  }

  private static func of(_ stream: UnsafeMutablePointer<ArrowArrayStream>?) -> ArrowSource? {
    guard let data = stream?.pointee.private_data else { return nil }
    return Unmanaged<ArrowSource>.fromOpaque(data).takeUnretainedValue()
  }

  private func get(_ out: UnsafeMutablePointer<ArrowArray>) -> Int32 {
    do {
      out.initialize(to: try problem == nil ? next() ?? ArrowArray() : ArrowArray())
      return 0
    } catch {
      problem = error
      free(message)
      message = strdup("\(error)")
      out.initialize(to: ArrowArray())
      return EIO
    }
  }
}
