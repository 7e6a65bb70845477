// SPDX-License-Identifier: Apache-2.0

import CArrow
import Foundation

/// Buffers and children of one Arrow array; freed when the consumer releases the array.
final class ArrowStorage {
  private var allocated: [UnsafeMutableRawPointer] = []
  private var children: [UnsafeMutablePointer<ArrowArray>] = []
  private var dictionary: UnsafeMutablePointer<ArrowArray>?
  private let buffers: UnsafeMutablePointer<UnsafeRawPointer?>
  private let childList: UnsafeMutablePointer<UnsafeMutablePointer<ArrowArray>?>

  init(
    buffers: [UnsafeMutableRawPointer?], children: [UnsafeMutablePointer<ArrowArray>] = [],
    dictionary: UnsafeMutablePointer<ArrowArray>? = nil
  ) {
    allocated = buffers.compactMap(\.self)
    self.children = children
    self.dictionary = dictionary
    self.buffers = .allocate(capacity: max(1, buffers.count))
    for (i, buffer) in buffers.enumerated() {
      (self.buffers + i).initialize(to: UnsafeRawPointer(buffer))
    }
    childList = .allocate(capacity: max(1, children.count))
    for (i, child) in children.enumerated() { (childList + i).initialize(to: child) }
  }

  deinit {
    for buffer in allocated { buffer.deallocate() }
    for child in children + [dictionary].compactMap(\.self) {
      child.pointee.release?(child)
      child.deallocate()
    }
    buffers.deallocate()
    childList.deallocate()
  }

  /// An array that owns the storage.
  static func array(
    count: Int, missing: Int, buffers: [UnsafeMutableRawPointer?],
    children: [UnsafeMutablePointer<ArrowArray>] = [],
    dictionary: UnsafeMutablePointer<ArrowArray>? = nil
  ) -> ArrowArray {
    let storage = ArrowStorage(buffers: buffers, children: children, dictionary: dictionary)
    var array = ArrowArray()
    array.length = Int64(count)
    array.null_count = Int64(missing)
    array.n_buffers = Int64(buffers.count)
    array.n_children = Int64(children.count)
    array.buffers = storage.buffers
    array.children = children.isEmpty ? nil : storage.childList
    array.dictionary = dictionary
    array.private_data = Unmanaged.passRetained(storage).toOpaque()
    array.release = { array in
      guard let array, let storage = array.pointee.private_data else { return }
      array.pointee.release = nil
      array.pointee.private_data = nil
      Unmanaged<ArrowStorage>.fromOpaque(storage).release()
    }
    return array
  }

  /// A heap copy, as a child of another array.
  static func boxed(_ array: ArrowArray) -> UnsafeMutablePointer<ArrowArray> {
    let pointer = UnsafeMutablePointer<ArrowArray>.allocate(capacity: 1)
    pointer.initialize(to: array)
    return pointer
  }
}

/// Names, formats and children of one Arrow schema; freed when the consumer releases it.
final class ArrowSchemaStorage {
  private let texts: [UnsafeMutablePointer<CChar>]
  private let children: [UnsafeMutablePointer<ArrowSchema>]
  private let dictionary: UnsafeMutablePointer<ArrowSchema>?
  private let childList: UnsafeMutablePointer<UnsafeMutablePointer<ArrowSchema>?>

  private init(
    texts: [UnsafeMutablePointer<CChar>], children: [UnsafeMutablePointer<ArrowSchema>],
    dictionary: UnsafeMutablePointer<ArrowSchema>?
  ) {
    self.texts = texts
    self.children = children
    self.dictionary = dictionary
    childList = .allocate(capacity: max(1, children.count))
    for (i, child) in children.enumerated() { (childList + i).initialize(to: child) }
  }

  deinit {
    for text in texts { free(text) }
    for child in children + [dictionary].compactMap(\.self) {
      child.pointee.release?(child)
      child.deallocate()
    }
    childList.deallocate()
  }

  /// A schema that owns the storage.
  static func schema(
    name: String, format: String, children: [ArrowSchema] = [], dictionary: ArrowSchema? = nil
  ) -> ArrowSchema {
    let storage = ArrowSchemaStorage(
      texts: [strdup(format), strdup(name)], children: children.map(boxed),
      dictionary: dictionary.map(boxed))
    var schema = ArrowSchema()
    schema.format = UnsafePointer(storage.texts[0])
    schema.name = UnsafePointer(storage.texts[1])
    schema.flags = Int64(CARROW_FLAG_NULLABLE)
    schema.n_children = Int64(children.count)
    schema.children = children.isEmpty ? nil : storage.childList
    schema.dictionary = storage.dictionary
    schema.private_data = Unmanaged.passRetained(storage).toOpaque()
    schema.release = { schema in
      guard let schema, let storage = schema.pointee.private_data else { return }
      schema.pointee.release = nil
      schema.pointee.private_data = nil
      Unmanaged<ArrowSchemaStorage>.fromOpaque(storage).release()
    }
    return schema
  }

  private static func boxed(_ schema: ArrowSchema) -> UnsafeMutablePointer<ArrowSchema> {
    let pointer = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
    pointer.initialize(to: schema)
    return pointer
  }
}
