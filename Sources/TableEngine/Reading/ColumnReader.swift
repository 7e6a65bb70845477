// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// Collects the values of one column, batch by batch.
///
/// Only one thread uses a value at a time.
final class ColumnReader: @unchecked Sendable {
  /// A column with what is known beside its values.
  struct Result: Sendable {
    var column: Column
    var text: SchemaInference.ColumnText
    var notes: [SchemaNote]
  }

  let field: ArrowField
  /// The first problem; nothing is read any more then.
  private(set) var problem: EngineError?
  /// The number of values so far.
  private var count = 0
  private var numbers: Numbers = []
  /// The numbers that are not packed yet.
  private var tail: [Double] = []
  private var codes: [Int32] = []
  private var dictionary = ByteDictionary()
  private var isText: Bool

  // What is said about the column in the end.
  private var example: String?
  private var notNumbers = 0
  private var longDecimals = 0
  private var truncatedTimes = 0

  private static let rowsAtOnce = 1 << 16
  /// All integers up to here are doubles.
  private static let maxExact: Int64 = 1 << 53

  init(_ field: ArrowField) {
    self.field = field
    isText = field.type == .text || field.type == .boolean
    if field.type == .boolean {
      for text in ["false", "true"] { _ = code(of: text) }
    }
  }

  /// Appends the values of a batch.
  func append(_ column: ArrowColumn) {
    guard problem == nil else { return }
    do throws(EngineError) {
      try appendValues(column)
    } catch {
      problem = error
    }
    count += column.count
    if tail.count >= Self.rowsAtOnce { flush() }
  }

  private func flush() {
    numbers.append(packing: tail)
    tail.removeAll(keepingCapacity: true)
  }

  private func appendValues(_ column: ArrowColumn) throws(EngineError) {
    switch column.field.layout {
    case .null: tail.append(contentsOf: repeatElement(.nan, count: column.count))
    case .bits:
      for i in 0..<column.count { codes.append(column.isValid(i) ? column.bit(i) ? 1 : 0 : -1) }
    case .integers(let bits, let isSigned):
      switch (bits, isSigned) {
      case (8, true): appendIntegers(column, Int8.self)
      case (8, false): appendIntegers(column, UInt8.self)
      case (16, true): appendIntegers(column, Int16.self)
      case (16, false): appendIntegers(column, UInt16.self)
      case (32, true):
        if field.type == .date { try checkDays(column) }
        appendIntegers(column, Int32.self)
      case (32, false): appendIntegers(column, UInt32.self)
      case (_, true): try appendLongIntegers(column, Int64.self)
      case (_, false): try appendLongIntegers(column, UInt64.self)
      }
    case .floats(let bits):
      if bits == 32 {
        try appendFloats(column, Float.self)
      } else {
        try appendFloats(column, Double.self)
      }
    case .decimals(let bits): appendDecimals(column, bits: bits)
    case .texts, .views:
      for i in 0..<column.count {
        codes.append(column.isValid(i) ? try code(of: column.text(i)) : -1)
      }
    case .dictionary(let bits, let isSigned, _):
      try appendCodes(column, bits: bits, isSigned: isSigned)
    case .unsupported(let type):
      throw .unsupported([.init(name: field.name, type: type)])
    }
  }

  // MARK: Numbers

  /// What a number of the column is divided by to be in seconds, or in days times this.
  private var factor: (multiplier: Double, divisor: Double) {
    switch field.type {
    case .date: field.countsDays ? (86_400, 1) : (1, 1000)
    case .time(let unit), .timestamp(let unit, _): (1, Double(unit.perSecond))
    default: (1, 1)
    }
  }

  private func appendIntegers<Value: FixedWidthInteger & BitwiseCopyable>(
    _ column: ArrowColumn, _ type: Value.Type
  ) {
    let (multiplier, divisor) = factor
    for i in 0..<column.count {
      let value = Double(column.value(i, as: type)) * multiplier / divisor
      tail.append(column.isValid(i) ? value : .nan)
    }
  }

  /// Throws for the day that the engine stores for infinity.
  private func checkDays(_ column: ArrowColumn) throws(EngineError) {
    for i in 0..<column.count
    where column.isValid(i) && column.value(i, as: Int32.self).magnitude >= UInt32(Int32.max) {
      throw .infinity(column: field.name, row: count + i + 1)
    }
  }

  private func appendLongIntegers<Value: FixedWidthInteger & BitwiseCopyable>(
    _ column: ArrowColumn, _ type: Value.Type
  ) throws(EngineError) {
    if case .integer = field.type { return appendQuantities(column, type) }
    let (_, divisor) = factor
    let isNanoseconds = divisor == 1e9
    for i in 0..<column.count {
      guard column.isValid(i) else {
        tail.append(.nan)
        continue
      }
      let value = Int64(truncatingIfNeeded: column.value(i, as: type))
      // How the engine stores them.
      guard value.magnitude < UInt64(Int64.max) else {
        throw .infinity(column: field.name, row: count + i + 1)
      }
      if isNanoseconds {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: 1000)
        if rest != 0 { truncatedTimes += 1 }
        tail.append(Double(rest < 0 ? quotient - 1 : quotient) / 1e6)
      } else {
        if value.magnitude > UInt64(Self.maxExact) { truncatedTimes += 1 }
        tail.append(Double(value) / divisor)
      }
    }
  }

  /// Integers of 64 bits that are no times.
  private func appendQuantities<Value: FixedWidthInteger & BitwiseCopyable>(
    _ column: ArrowColumn, _ type: Value.Type
  ) {
    if !isText {
      let before = tail.count
      for i in 0..<column.count {
        let value = column.value(i, as: type)
        guard column.isValid(i) else {
          tail.append(.nan)
          continue
        }
        if value.magnitude > Value.Magnitude(Self.maxExact) {
          example = example ?? "\(value)"
          tail.removeLast(tail.count - before)
          becomeText()
          break
        }
        tail.append(Double(value))
      }
    }
    guard isText else { return }
    for i in 0..<column.count {
      codes.append(column.isValid(i) ? code(of: "\(column.value(i, as: type))") : -1)
    }
  }

  /// Continues with texts: a double holds fewer digits. The whole numbers so far are exact.
  private func becomeText() {
    flush()
    isText = true
    codes.reserveCapacity(numbers.count)
    for number in numbers { codes.append(number.isNaN ? -1 : code(of: "\(Int64(number))")) }
    numbers = []
  }

  private func appendFloats<Value: BinaryFloatingPoint & BitwiseCopyable>(
    _ column: ArrowColumn, _ type: Value.Type
  ) throws(EngineError) {
    let isComplete = column.isComplete
    var hasInfinity = false
    for i in 0..<column.count {
      let value = Double(column.value(i, as: type))
      let isValid = isComplete || column.isValid(i)
      hasInfinity = hasInfinity || (isValid && value.isInfinite)
      if isValid && value.isNaN { notNumbers += 1 }
      tail.append(isValid ? value : .nan)
    }
    guard hasInfinity else { return }
    let row = (0..<column.count).first { i in
      column.isValid(i) && column.value(i, as: type).isInfinite
    }
    throw .infinity(column: field.name, row: count + (row ?? 0) + 1)
  }

  private func appendDecimals(_ column: ArrowColumn, bits: Int) {
    guard case .decimal(_, let scale) = field.type else { return }
    // Exact up to 10^22.
    let power = pow(10, Double(scale))
    let limit = Int128(Self.maxExact)
    for i in 0..<column.count {
      guard column.isValid(i) else {
        if isText { codes.append(-1) } else { tail.append(.nan) }
        continue
      }
      let value = column.decimal(i, bits: bits)
      if isText {
        codes.append(code(of: "\(value)"))
      } else if (-limit...limit).contains(value) && scale <= 22 {
        tail.append(Double(Int64(value)) / power)
      } else if scale == 0 {
        example = example ?? "\(value)"
        becomeText()
        codes.append(code(of: "\(value)"))
      } else {
        longDecimals += 1
        tail.append(Double("\(value)e-\(scale)") ?? .nan)
      }
    }
  }

  // MARK: Texts

  private func appendCodes(
    _ column: ArrowColumn, bits: Int, isSigned: Bool
  ) throws(EngineError) {
    let values = try column.dictionary()
    var map: [Int32] = []
    map.reserveCapacity(values.count)
    for i in 0..<values.count {
      map.append(values.isValid(i) ? try code(of: values.text(i)) : -1)
    }
    for i in 0..<column.count {
      codes.append(
        column.isValid(i) ? map[Int(column.index(i, bits: bits, isSigned: isSigned))] : -1)
    }
  }

  private func code(of text: UnsafeBufferPointer<UInt8>) throws(EngineError) -> Int32 {
    let known = dictionary.categories.count
    let code = dictionary.code(of: text)
    if dictionary.categories.count > known, String(validating: text, as: UTF8.self) == nil {
      throw .malformed("a text of column '\(field.name)' is not UTF-8")
    }
    return code
  }

  private func code(of text: String) -> Int32 {
    var text = text
    return text.withUTF8 { dictionary.code(of: $0) }
  }

  // MARK: Result

  /// The column with what is known beside its values, and notes. The reader is then empty.
  func finish() -> Result {
    flush()
    defer {
      numbers = []
      codes = []
    }
    var text = SchemaInference.ColumnText(stored: field.type)
    let values: Column.Values
    if isText {
      let categories = dictionary.categories.map { String(decoding: $0, as: UTF8.self) }
      if field.type == .text, let times = DatetimeTexts.column(codes: codes, texts: categories) {
        values = .datetime(times.values)
        text.datetime = times.format
      } else {
        values = .text(codes: codes, categories: categories)
      }
    } else {
      let formats = ColumnFormats(numbers, type: field.type)
      text.number = formats.number
      text.datetime = formats.datetime
      values = formats.datetime == nil ? .number(numbers) : .datetime(numbers)
    }
    return Result(
      column: Column(name: field.name, values: values), text: text, notes: notes)
  }

  private var notes: [SchemaNote] {
    var notes: [SchemaNote] = []
    func add(_ topic: SchemaNote.Topic, _ text: String) {
      notes.append(SchemaNote(column: field.name, topic: topic, text: text))
    }
    if let example { add(.code, "kept as text, because a number would change '\(example)'") }
    if notNumbers > 0 {
      add(.missingText, "NaN is treated as a missing value (\(notNumbers) of \(count) values)")
    }
    if longDecimals > 0 {
      add(.precision, "decimals of more than 15 digits are rounded to the nearest double")
    }
    if truncatedTimes > 0 { add(.precision, "fractions of a second are kept to the microsecond") }
    return notes
  }
}
