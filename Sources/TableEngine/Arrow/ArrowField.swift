// SPDX-License-Identifier: Apache-2.0

import CArrow
import Tabular

/// A column of an Arrow stream: its name and type.
struct ArrowField: Sendable, Equatable {
  /// How the values of a column are laid out in its buffers.
  indirect enum Layout: Sendable, Equatable {
    case null
    /// A bit for each value.
    case bits
    case integers(bits: Int, isSigned: Bool)
    case floats(bits: Int)
    /// Two's complement numbers of 32, 64 or 128 bits.
    case decimals(bits: Int)
    /// Text by 32-bit or 64-bit offsets.
    case texts(offsetBits: Int)
    /// Text by 16-byte views.
    case views
    /// Indices into the values of a dictionary.
    case dictionary(bits: Int, isSigned: Bool, values: Layout)
    /// A type that a table cannot hold, in words.
    case unsupported(String)
  }

  var name: String
  var layout: Layout
  /// What the values are; `text` for types that a table cannot hold.
  var type: StoredType
  /// Whether days are counted, or milliseconds, where `type` is a date.
  var countsDays = true

  /// The columns of a struct.
  static func fields(of schema: UnsafePointer<ArrowSchema>) throws(EngineError) -> [ArrowField] {
    guard schema.pointee.release != nil, let format = text(schema.pointee.format) else {
      throw .malformed("no schema")
    }
    guard format == "+s" else { throw .malformed("rows of format '\(format)'") }
    let count = schema.pointee.n_children
    guard (0...100_000).contains(count), count == 0 || schema.pointee.children != nil else {
      throw .malformed("\(count) columns")
    }
    var fields: [ArrowField] = []
    for i in 0..<Int(count) {
      guard let child = schema.pointee.children[i], child.pointee.release != nil else {
        throw .malformed("column \(i + 1) has no type")
      }
      fields.append(try ArrowField(child))
    }
    return fields
  }

  private init(_ schema: UnsafePointer<ArrowSchema>) throws(EngineError) {
    name = Self.text(schema.pointee.name) ?? ""
    guard let format = Self.text(schema.pointee.format) else {
      throw .malformed("column '\(name)' has no format")
    }
    (layout, type, countsDays) = Self.type(format)
    guard let dictionary = schema.pointee.dictionary else { return }
    guard dictionary.pointee.release != nil, let valueFormat = Self.text(dictionary.pointee.format)
    else { throw .malformed("column '\(name)' has no type of its dictionary") }
    let values = Self.type(valueFormat).layout
    switch (layout, values) {
    case (.integers(let bits, let isSigned), .texts), (.integers(let bits, let isSigned), .views):
      layout = .dictionary(bits: bits, isSigned: isSigned, values: values)
      type = .text
    default: layout = .unsupported("dictionary of '\(valueFormat)'")
    }
  }

  private static func text(_ pointer: UnsafePointer<CChar>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  /// Reads a format string.
  private static func type(
    _ format: String
  ) -> (layout: Layout, type: StoredType, countsDays: Bool) {
    if let simple = simple[format] { return (simple.layout, simple.type, format != "tdm") }
    if format.hasPrefix("ts"), format.utf8.count >= 4, format.utf8.dropFirst(3).first == 0x3a,
      let unit = unit(format.utf8.dropFirst(2).first)
    {
      let zone = String(format.dropFirst(4))
      return (
        .integers(bits: 64, isSigned: true), .timestamp(unit, zone: zone.isEmpty ? nil : zone), true
      )
    }
    if format.hasPrefix("d:"), let (layout, type) = decimal(format) { return (layout, type, true) }
    return (.unsupported(words(format)), .text, true)
  }

  private static let simple: [String: (layout: Layout, type: StoredType)] = {
    var types: [String: (layout: Layout, type: StoredType)] = [
      "n": (.null, .null), "b": (.bits, .boolean),
      "f": (.floats(bits: 32), .float(bits: 32)), "g": (.floats(bits: 64), .float(bits: 64)),
      "u": (.texts(offsetBits: 32), .text), "U": (.texts(offsetBits: 64), .text),
      "vu": (.views, .text),
      "tdD": (.integers(bits: 32, isSigned: true), .date),
      "tdm": (.integers(bits: 64, isSigned: true), .date),
      "tts": (.integers(bits: 32, isSigned: true), .time(.seconds)),
      "ttm": (.integers(bits: 32, isSigned: true), .time(.milliseconds)),
      "ttu": (.integers(bits: 64, isSigned: true), .time(.microseconds)),
      "ttn": (.integers(bits: 64, isSigned: true), .time(.nanoseconds)),
    ]
    for (signed, unsigned, bits) in [("c", "C", 8), ("s", "S", 16), ("i", "I", 32), ("l", "L", 64)]
    {
      types[signed] = (
        .integers(bits: bits, isSigned: true), .integer(bits: bits, isSigned: true)
      )
      types[unsigned] = (
        .integers(bits: bits, isSigned: false), .integer(bits: bits, isSigned: false)
      )
    }
    return types
  }()

  private static func unit(_ letter: UInt8?) -> StoredType.TimeUnit? {
    switch letter {
    case UInt8(ascii: "s"): .seconds
    case UInt8(ascii: "m"): .milliseconds
    case UInt8(ascii: "u"): .microseconds
    case UInt8(ascii: "n"): .nanoseconds
    default: nil
    }
  }

  /// "d:precision,scale" or "d:precision,scale,bits".
  private static func decimal(_ format: String) -> (Layout, StoredType)? {
    let numbers = format.dropFirst(2).split(separator: ",", omittingEmptySubsequences: false)
      .map { Int($0) }
    guard (2...3).contains(numbers.count), let precision = numbers[0], let scale = numbers[1],
      let bits = numbers.count == 3 ? numbers[2] : 128, [32, 64, 128].contains(bits),
      (1...38).contains(precision), (0...precision).contains(scale)
    else { return nil }
    return (.decimals(bits: bits), .decimal(precision: precision, scale: scale))
  }

  /// A format in words.
  private static func words(_ format: String) -> String {
    switch format.prefix(2) {
    case "+l", "+L", "+v": "list"
    case "+w": "array"
    case "+s": "struct"
    case "+m": "map"
    case "+u": "union"
    case "tD", "ti": "interval"
    case "z", "Z", "vz": "binary"
    default: format.hasPrefix("w:") ? "binary" : "type '\(format)'"
    }
  }
}
