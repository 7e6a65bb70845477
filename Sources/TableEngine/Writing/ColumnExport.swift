// SPDX-License-Identifier: Apache-2.0

import CArrow
import Foundation
import Tabular

/// How the values of one column become an Arrow array.
struct ColumnExport: Sendable {
  let name: String
  /// The type in the file.
  let type: StoredType
  private let writer: ColumnTextWriter

  /// The type is the one that the column had in its source, or else follows from its format.
  init(_ schema: ColumnSchema) {
    name = schema.name
    let isText = schema.numberFormat == nil && schema.datetimeFormat == nil
    let type = schema.storedType ?? Self.type(of: schema)
    switch type {
    case .integer where isText && schema.kind.isReplaced, .decimal where isText:
      // Keys of more digits than a number holds: new ones may have more than the type holds, too.
      self.type = .text
    case .null: self.type = isText ? .text : .integer(bits: 32, isSigned: true)
    default: self.type = type
    }
    writer = ColumnTextWriter(schema)
  }

  /// The type of a column of a text file.
  private static func type(of schema: ColumnSchema) -> StoredType {
    if let format = schema.datetimeFormat {
      return switch format.content {
      case .date: .date
      case .timeOfDay: .time(.microseconds)
      case .dateAndTime: .timestamp(.microseconds, zone: nil)
      }
    }
    guard let format = schema.numberFormat else { return .text }
    if format.singlePrecision { return .float(bits: 32) }
    let isWhole =
      format.decimals == 0 && format.exponent == nil
      && [schema.range?.lowerBound, schema.range?.upperBound].allSatisfy { abs($0 ?? 0) < 1e15 }
    return isWhole ? .integer(bits: 64, isSigned: true) : .float(bits: 64)
  }

  // MARK: Schema

  /// The type as an Arrow schema.
  var arrowSchema: ArrowSchema {
    type == .text
      ? ArrowSchemaStorage.schema(
        name: name, format: "i", dictionary: ArrowSchemaStorage.schema(name: "", format: "u"))
      : ArrowSchemaStorage.schema(name: name, format: format)
  }

  private var format: String {
    switch type {
    case .null: "n"
    case .boolean: "b"
    case .integer(let bits, let isSigned):
      switch bits {
      case 8: isSigned ? "c" : "C"
      case 16: isSigned ? "s" : "S"
      case 32: isSigned ? "i" : "I"
      default: isSigned ? "l" : "L"
      }
    case .float(let bits): bits == 32 ? "f" : "g"
    case .decimal(let precision, let scale): "d:\(precision),\(scale)"
    case .date: "tdD"
    // The engine has times of day in microseconds, and points in time with a zone.
    case .time: "ttu"
    case .timestamp(let unit, let zone):
      switch (zone, unit) {
      case (let zone?, _): "tsu:\(zone)"
      case (nil, .seconds): "tss:"
      case (nil, .milliseconds): "tsm:"
      case (nil, .microseconds): "tsu:"
      case (nil, .nanoseconds): "tsn:"
      }
    case .text: "u"
    }
  }

  // MARK: Values

  /// Rows of a column as an Arrow array.
  ///
  /// - Throws: ``EngineError/unstorable(value:column:type:)`` for a value that the type cannot hold.
  func array(_ column: Column, rows: Range<Int>) throws(EngineError) -> ArrowArray {
    switch (column.values, type) {
    case (.text(let codes, let categories), .boolean):
      return try booleans(codes[rows], categories)
    case (.text(let codes, let categories), .text): return texts(codes[rows], categories)
    case (.text(let codes, let categories), .integer(let bits, let isSigned)):
      var integers: [Int128] = []
      for text in categories { integers.append(Int128(text) ?? .max) }
      return try self.integers(rows, bits: bits, isSigned: isSigned) { row in
        codes[row] < 0 ? nil : integers[Int(codes[row])]
      }
    case (.number(let values), .text), (.datetime(let values), .text):
      return texts(values, rows)
    case (.number(let values), _), (.datetime(let values), _): return try numbers(values, rows)
    case (.text(let codes, let categories), _):
      let text = codes[rows].first { $0 >= 0 }.map { categories[Int($0)] }
      guard let text else {
        return try numbers(Numbers([Double](repeating: .nan, count: rows.upperBound)), rows)
      }
      throw .unstorable(value: "'\(text)'", column: name, type: type.description)
    }
  }

  private func numbers(_ values: Numbers, _ rows: Range<Int>) throws(EngineError) -> ArrowArray {
    switch type {
    case .boolean:
      return bits(rows) { values[$0].isNaN ? nil : values[$0] != 0 }
    case .integer(let bits, let isSigned):
      return try integers(rows, bits: bits, isSigned: isSigned) { row in
        let value = values[row].rounded()
        return value.isNaN ? nil : Int128(exactly: value) ?? .max
      }
    case .float(let bits):
      return bits == 32
        ? fixed(rows) { values[$0].isNaN ? nil : Float(values[$0]) }
        : fixed(rows) { values[$0].isNaN ? nil : values[$0] }
    case .decimal(let precision, let scale):
      let power = pow(10, Double(scale))
      let limit = pow(10, Double(precision))
      return try integers(rows, bits: 128, isSigned: true) { row in
        let value = (values[row] * power).rounded()
        guard !value.isNaN else { return nil }
        return abs(value) < limit ? Int128(exactly: value) ?? .max : .max
      }
    case .date:
      return try integers(rows, bits: 32, isSigned: true) { row in
        let value = (values[row] / 86_400).rounded(.down)
        return value.isNaN ? nil : Int128(exactly: value) ?? .max
      }
    case .time, .timestamp:
      let (perSecond, multiplier) = ticks
      return try integers(rows, bits: 64, isSigned: true) { row in
        let value = (values[row] * perSecond).rounded()
        return value.isNaN ? nil : Int128(exactly: value).map { $0 * multiplier } ?? .max
      }
    case .null, .text: return fixed(rows) { _ in Int32?.none }
    }
  }

  /// Ticks per second that are rounded to, and what each counts: seconds as doubles are exact to the
  /// microsecond.
  private var ticks: (perSecond: Double, multiplier: Int128) {
    guard case .timestamp(let unit, nil) = type else { return (1e6, 1) }
    return unit == .nanoseconds ? (1e6, 1000) : (Double(unit.perSecond), 1)
  }

  // MARK: Buffers

  private func integers(
    _ rows: Range<Int>, bits: Int, isSigned: Bool, _ value: (Int) -> Int128?
  ) throws(EngineError) -> ArrowArray {
    switch (bits, isSigned) {
    case (8, true): try exact(rows, Int8.self, value)
    case (8, false): try exact(rows, UInt8.self, value)
    case (16, true): try exact(rows, Int16.self, value)
    case (16, false): try exact(rows, UInt16.self, value)
    case (32, true): try exact(rows, Int32.self, value)
    case (32, false): try exact(rows, UInt32.self, value)
    case (128, _): try exact(rows, Int128.self, value)
    case (_, true): try exact(rows, Int64.self, value)
    case (_, false): try exact(rows, UInt64.self, value)
    }
  }

  private func exact<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ rows: Range<Int>, _ type: Integer.Type, _ value: (Int) -> Int128?
  ) throws(EngineError) -> ArrowArray {
    var problem: Int?
    let array = fixed(rows) { row -> Integer? in
      guard let value = value(row) else { return nil }
      // The greatest one stands for what is none at all.
      guard value != .max, let integer = Integer(exactly: value) else {
        problem = problem ?? row
        return nil
      }
      return integer
    }
    guard let problem else { return array }
    var copy = array
    copy.release(&copy)
    throw .unstorable(
      value: "the value in row \(problem - rows.lowerBound + 1) of a block", column: name,
      type: self.type.description)
  }

  /// Values of a fixed width; nil is a missing one.
  private func fixed<Value: BitwiseCopyable>(
    _ rows: Range<Int>, _ value: (Int) -> Value?
  ) -> ArrowArray {
    let (buffers, missing) = fixedBuffers(rows, value)
    return ArrowStorage.array(count: rows.count, missing: missing, buffers: buffers)
  }

  private func fixedBuffers<Value: BitwiseCopyable>(
    _ rows: Range<Int>, _ value: (Int) -> Value?
  ) -> (buffers: [UnsafeMutableRawPointer?], missing: Int) {
    let stride = MemoryLayout<Value>.stride
    let buffer = UnsafeMutableRawPointer.allocate(
      byteCount: max(64, rows.count * stride), alignment: 64)
    let (validity, missing) = Self.validity(rows.count) { i in
      guard let value = value(rows.lowerBound + i) else {
        memset(buffer + i * stride, 0, stride)
        return false
      }
      buffer.storeBytes(of: value, toByteOffset: i * stride, as: Value.self)
      return true
    }
    return ([validity, buffer], missing)
  }

  /// Values of a bit; nil is a missing one.
  private func bits(_ rows: Range<Int>, _ value: (Int) -> Bool?) -> ArrowArray {
    let buffer = Self.emptyBits(rows.count)
    let (validity, missing) = Self.validity(rows.count) { i in
      guard let value = value(rows.lowerBound + i) else { return false }
      if value { Self.set(i, in: buffer) }
      return true
    }
    return ArrowStorage.array(count: rows.count, missing: missing, buffers: [validity, buffer])
  }

  private func booleans(
    _ codes: ArraySlice<Int32>, _ categories: [String]
  ) throws(EngineError) -> ArrowArray {
    let values = categories.map { text in ["true": true, "false": false][text.lowercased()] }
    for code in codes where code >= 0 && values[Int(code)] == nil {
      throw .unstorable(value: "'\(categories[Int(code)])'", column: name, type: "bool")
    }
    return bits(codes.indices) { codes[$0] < 0 ? nil : values[Int(codes[$0])] }
  }

  /// Texts by a dictionary of those that occur.
  private func texts(_ codes: ArraySlice<Int32>, _ categories: [String]) -> ArrowArray {
    var index: [Int32: Int32] = [:]
    var used: [String] = []
    return indices(codes.indices, texts: { used }) { row in
      let code = codes[row]
      guard code >= 0 else { return nil }
      if let known = index[code] { return known }
      let next = Int32(used.count)
      index[code] = next
      used.append(categories[Int(code)])
      return next
    }
  }

  /// Numbers and times as texts in the column's format.
  private func texts(_ values: Numbers, _ rows: Range<Int>) -> ArrowArray {
    var index: [Double: Int32] = [:]
    var used: [String] = []
    return indices(rows, texts: { used }) { row in
      let value = values[row]
      guard !value.isNaN else { return nil }
      if let known = index[value] { return known }
      let next = Int32(used.count)
      index[value] = next
      used.append(writer.text(of: value))
      return next
    }
  }

  private func indices(
    _ rows: Range<Int>, texts: () -> [String], _ value: (Int) -> Int32?
  ) -> ArrowArray {
    let (buffers, missing) = fixedBuffers(rows, value)
    return ArrowStorage.array(
      count: rows.count, missing: missing, buffers: buffers,
      dictionary: ArrowStorage.boxed(Self.texts(texts())))
  }

  private static func texts(_ texts: [String]) -> ArrowArray {
    let bytes = texts.reduce(0) { $0 + $1.utf8.count }
    let offsets = UnsafeMutableRawPointer.allocate(
      byteCount: 4 * (texts.count + 1), alignment: 64)
    let data = UnsafeMutableRawPointer.allocate(byteCount: max(1, bytes), alignment: 64)
    var end = 0
    offsets.storeBytes(of: 0, as: Int32.self)
    for (i, text) in texts.enumerated() {
      for byte in text.utf8 {
        data.storeBytes(of: byte, toByteOffset: end, as: UInt8.self)
        end += 1
      }
      offsets.storeBytes(of: Int32(end), toByteOffset: 4 * (i + 1), as: Int32.self)
    }
    return ArrowStorage.array(count: texts.count, missing: 0, buffers: [nil, offsets, data])
  }

  private static func emptyBits(_ count: Int) -> UnsafeMutableRawPointer {
    let bytes = max(64, (count + 7) / 8)
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    memset(buffer, 0, bytes)
    return buffer
  }

  private static func set(_ i: Int, in bits: UnsafeMutableRawPointer) {
    let byte = bits.load(fromByteOffset: i >> 3, as: UInt8.self)
    bits.storeBytes(of: byte | 1 << UInt8(i & 7), toByteOffset: i >> 3, as: UInt8.self)
  }

  /// The bits of the values that `isValid` says are not missing; nil where none is.
  private static func validity(
    _ count: Int, _ isValid: (Int) -> Bool
  ) -> (UnsafeMutableRawPointer?, missing: Int) {
    let buffer = emptyBits(count)
    var missing = 0
    for i in 0..<count {
      if isValid(i) { set(i, in: buffer) } else { missing += 1 }
    }
    guard missing > 0 else {
      buffer.deallocate()
      return (nil, 0)
    }
    return (buffer, missing)
  }
}
