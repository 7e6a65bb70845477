// SPDX-License-Identifier: Apache-2.0

import CArrow

/// The values of one column of a batch, checked against the specification before anything is read.
///
/// Arrow's C interface does not say how long buffers are, except for text views: a producer that
/// lies about the number of its values cannot be found out. All else is checked: lengths, offsets,
/// numbers of buffers, offsets of texts, indices into dictionaries.
struct ArrowColumn {
  let field: ArrowField
  /// The number of values.
  let count: Int
  /// The index of the first value in the buffers.
  let start: Int
  private let validity: UnsafeRawPointer?
  private let array: UnsafePointer<ArrowArray>

  /// No array is longer; sums of two such numbers do not overflow.
  private static let maxLength: Int64 = 1 << 48

  /// No batch has more rows.
  private static let maxRows = Int64(Int32.max)

  /// The columns of a batch.
  static func columns(
    of batch: UnsafePointer<ArrowArray>, fields: [ArrowField]
  ) throws(EngineError) -> [ArrowColumn] {
    let root = batch.pointee
    guard root.n_children == fields.count, fields.isEmpty || root.children != nil else {
      throw .malformed("a batch of \(root.n_children) columns instead of \(fields.count)")
    }
    guard (0...maxRows).contains(root.length), (0...maxLength).contains(root.offset) else {
      throw .malformed("a batch of \(root.length) rows from \(root.offset) on")
    }
    guard root.null_count <= 0 || root.length == 0 else {
      throw .malformed("a batch with rows that are missing as a whole")
    }
    var columns: [ArrowColumn] = []
    columns.reserveCapacity(fields.count)
    for (i, field) in fields.enumerated() {
      guard let child = root.children[i] else {
        throw .malformed("column '\(field.name)' has no values")
      }
      if case .unsupported = field.layout { continue }
      columns.append(
        try ArrowColumn(child, field: field, first: Int(root.offset), count: Int(root.length)))
    }
    return columns
  }

  /// The values `first..<first + count` of an array.
  private init(
    _ array: UnsafePointer<ArrowArray>, field: ArrowField, first: Int, count: Int
  ) throws(EngineError) {
    let content = array.pointee
    guard content.release != nil, (0...Self.maxLength).contains(content.length),
      (0...Self.maxLength).contains(content.offset), Int(content.length) >= first + count
    else {
      throw .malformed(
        "column '\(field.name)' has \(content.length) values from \(content.offset) on, the batch "
          + "\(count) from \(first) on")
    }
    self.array = array
    self.field = field
    self.count = count
    start = first + Int(content.offset)
    let needed: ClosedRange<Int64> =
      switch field.layout {
      case .null: 0...1
      case .texts: 3...3
      case .views: 3...(1 << 32)
      default: 2...2
      }
    guard needed.contains(content.n_buffers), content.n_buffers == 0 || content.buffers != nil
    else { throw .malformed("column '\(field.name)' has \(content.n_buffers) buffers") }
    if case .null = field.layout {
      validity = nil
      return
    }
    validity = content.buffers[0]
    guard content.null_count <= content.length, content.null_count <= 0 || validity != nil else {
      throw .malformed("column '\(field.name)' does not say which values are missing")
    }
    guard count == 0 || content.buffers[1] != nil else {
      throw .malformed("column '\(field.name)' has no values")
    }
    switch field.layout {
    case .texts(let bits): try checkOffsets(bits: bits)
    case .views: try checkViews()
    case .dictionary(let bits, let isSigned, let values):
      try checkDictionary(values, bits: bits, isSigned: isSigned)
    default: break
    }
  }

  // MARK: Checks

  private func checkOffsets(bits: Int) throws(EngineError) {
    guard count > 0 else { return }
    var before = offset(0, bits: bits)
    let first = before
    var isAscending = before >= 0
    for i in 1...count {
      let next = offset(i, bits: bits)
      isAscending = isAscending && next >= before
      before = next
    }
    guard isAscending, before <= Self.maxLength, before == first || array.pointee.buffers[2] != nil
    else { throw .malformed("the texts of column '\(field.name)' overlap") }
  }

  private func checkViews() throws(EngineError) {
    let buffers = Int(array.pointee.n_buffers)
    guard let sizes = array.pointee.buffers[buffers - 1] else {
      throw .malformed("column '\(field.name)' does not say how long its buffers are")
    }
    for i in 0..<count where isValid(i) {
      let view = self.view(i)
      let isShort = view.length <= 12
      guard view.length >= 0 else { throw .malformed("a text of '\(field.name)' is of no length") }
      if isShort { continue }
      guard view.buffer >= 0, Int(view.buffer) < buffers - 3, view.offset >= 0,
        array.pointee.buffers[Int(view.buffer) + 2] != nil,
        case let size = sizes.loadUnaligned(fromByteOffset: 8 * Int(view.buffer), as: Int64.self),
        Int64(view.offset) + Int64(view.length) <= size
      else { throw .malformed("a text of column '\(field.name)' lies outside of its buffer") }
    }
  }

  private func checkDictionary(
    _ layout: ArrowField.Layout, bits: Int, isSigned: Bool
  ) throws(EngineError) {
    let values = try dictionary()
    for i in 0..<count where isValid(i) {
      guard (0..<Int64(values.count)).contains(index(i, bits: bits, isSigned: isSigned)) else {
        throw .malformed("a value of column '\(field.name)' is not in its dictionary")
      }
    }
  }

  // MARK: Values

  /// The values that indices refer to, where the layout is a dictionary.
  func dictionary() throws(EngineError) -> ArrowColumn {
    guard case .dictionary(_, _, let layout) = field.layout,
      let values = array.pointee.dictionary, values.pointee.length >= 0
    else { throw .malformed("column '\(field.name)' has no dictionary") }
    var field = field
    field.layout = layout
    return try ArrowColumn(values, field: field, first: 0, count: Int(values.pointee.length))
  }

  /// Whether no value is known to be missing.
  var isComplete: Bool { validity == nil || array.pointee.null_count == 0 }

  /// Whether value `i` is not missing.
  @inline(__always)
  func isValid(_ i: Int) -> Bool {
    guard let validity else { return true }
    let bit = start + i
    return validity.load(fromByteOffset: bit >> 3, as: UInt8.self) >> UInt8(bit & 7) & 1 == 1
  }

  /// Value `i` of the buffer of values.
  @inline(__always)
  func value<Value: BitwiseCopyable>(_ i: Int, as type: Value.Type) -> Value {
    array.pointee.buffers[1]!.loadUnaligned(
      fromByteOffset: MemoryLayout<Value>.stride * (start + i), as: Value.self)
  }

  /// Bit `i` of the buffer of values.
  @inline(__always)
  func bit(_ i: Int) -> Bool {
    let bit = start + i
    let byte = array.pointee.buffers[1]!.load(fromByteOffset: bit >> 3, as: UInt8.self)
    return byte >> UInt8(bit & 7) & 1 == 1
  }

  /// Integer `i` of up to 64 bits; unsigned ones beyond `Int64` are negative.
  @inline(__always)
  func index(_ i: Int, bits: Int, isSigned: Bool) -> Int64 {
    switch (bits, isSigned) {
    case (8, true): Int64(value(i, as: Int8.self))
    case (8, false): Int64(value(i, as: UInt8.self))
    case (16, true): Int64(value(i, as: Int16.self))
    case (16, false): Int64(value(i, as: UInt16.self))
    case (32, true): Int64(value(i, as: Int32.self))
    case (32, false): Int64(value(i, as: UInt32.self))
    default: value(i, as: Int64.self)
    }
  }

  /// Decimal `i` as an integer, without its point.
  @inline(__always)
  func decimal(_ i: Int, bits: Int) -> Int128 {
    switch bits {
    case 32: return Int128(value(i, as: Int32.self))
    case 64: return Int128(value(i, as: Int64.self))
    default:
      let base = array.pointee.buffers[1]! + 16 * (start + i)
      let high = base.loadUnaligned(fromByteOffset: 8, as: Int64.self)
      return Int128(high) << 64 | Int128(base.loadUnaligned(as: UInt64.self))
    }
  }

  private func offset(_ i: Int, bits: Int) -> Int64 {
    bits == 32 ? Int64(value(i, as: Int32.self)) : value(i, as: Int64.self)
  }

  private func view(_ i: Int) -> (length: Int32, buffer: Int32, offset: Int32) {
    let base = array.pointee.buffers[1]! + 16 * (start + i)
    return (
      base.loadUnaligned(as: Int32.self), base.loadUnaligned(fromByteOffset: 8, as: Int32.self),
      base.loadUnaligned(fromByteOffset: 12, as: Int32.self)
    )
  }

  /// The bytes of text `i`; the layout is texts or views.
  func text(_ i: Int) -> UnsafeBufferPointer<UInt8> {
    let start: UnsafeRawPointer
    let length: Int
    if case .texts(let bits) = field.layout {
      let begin = offset(i, bits: bits)
      length = Int(offset(i + 1, bits: bits) - begin)
      guard length > 0, let data = array.pointee.buffers[2] else {
        return UnsafeBufferPointer(start: nil, count: 0)
      }
      start = data + Int(begin)
    } else {
      let view = self.view(i)
      length = Int(view.length)
      start =
        length <= 12
        ? array.pointee.buffers[1]! + 16 * (self.start + i) + 4
        : array.pointee.buffers[Int(view.buffer) + 2]! + Int(view.offset)
    }
    return UnsafeBufferPointer(
      start: start.assumingMemoryBound(to: UInt8.self), count: length)
  }
}
