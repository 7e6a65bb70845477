// SPDX-License-Identifier: Apache-2.0

/// The numbers of a column, held as compactly as they allow without changing any: as whole
/// multiples of a power of ten, in 1, 2 or 4 bytes each, or else as doubles. A missing value is
/// NaN.
///
/// Amounts, codes, seconds and coordinates of a text file are decimals of a few digits, so that a
/// table of them takes a quarter of what doubles would.
///
/// ```swift
/// let fares = Numbers(packing: [6.5, 11, .nan])  // 65, 110 and a mark, in a byte each
/// ```
public struct Numbers: Sendable {
  /// A decimal is an integer over ten to the power of its decimals; the least integer of a type
  /// marks a missing value.
  private enum Storage: Sendable {
    case doubles([Double])
    case bytes([Int8], decimals: Int)
    case words([Int16], decimals: Int)
    case integers([Int32], decimals: Int)
  }

  private var storage: Storage

  private static let powers = DecimalFit.powers

  /// The values as they are, as doubles. O(1).
  public init(_ values: [Double]) { storage = .doubles(values) }

  /// The values in the least memory. O(values).
  public init(packing values: [Double]) { self.init(packing: values, atLeast: 0) }

  /// The values in the least memory that decimals of at least `decimals` digits take.
  private init(packing values: [Double], atLeast decimals: Int) {
    guard let fit = DecimalFit(values, atLeast: decimals) else {
      storage = .doubles(values)
      return
    }
    switch fit.bytes {
    case 1: storage = .bytes(fit.codes(as: Int8.self), decimals: fit.decimals)
    case 2: storage = .words(fit.codes(as: Int16.self), decimals: fit.decimals)
    default: storage = .integers(fit.codes, decimals: fit.decimals)
    }
  }

  /// Puts values behind these, in the least memory. O(values); cheaper than packing them first,
  /// since what these are held as says how to hold more of them.
  package mutating func append(packing values: [Double]) {
    if isEmpty {
      self = Numbers(packing: values)
    } else if isPacked {
      append(contentsOf: Numbers(packing: values, atLeast: decimals))
    } else {
      append(contentsOf: Numbers(values))
    }
  }

  /// Decimals of a value, at most; nil where the values are held as doubles.
  package var packedDecimals: Int? { isPacked ? decimals : nil }

  /// All values as doubles. O(values), and O(1) where they are held so.
  public var array: [Double] {
    switch storage {
    case .doubles(let values): values
    case .bytes(let codes, let decimals): Self.values(codes, decimals)
    case .words(let codes, let decimals): Self.values(codes, decimals)
    case .integers(let codes, let decimals): Self.values(codes, decimals)
    }
  }

  /// The number of missing values. O(values).
  public var missingCount: Int {
    func count<Code: FixedWidthInteger>(_ codes: [Code]) -> Int {
      codes.reduce(into: 0) { $0 += $1 == Code.min ? 1 : 0 }
    }
    return switch storage {
    case .doubles(let values): values.reduce(into: 0) { $0 += $1.isNaN ? 1 : 0 }
    case .bytes(let codes, _): count(codes)
    case .words(let codes, _): count(codes)
    case .integers(let codes, _): count(codes)
    }
  }

  /// Bytes that a value takes.
  public var bytesPerValue: Int {
    switch storage {
    case .doubles: 8
    case .bytes: 1
    case .words: 2
    case .integers: 4
    }
  }

  /// The values at `indices`, in that order. O(indices).
  public func selecting(_ indices: [Int]) -> Numbers {
    var copy = self
    switch storage {
    case .doubles(let values): copy.storage = .doubles(indices.map { values[$0] })
    case .bytes(let codes, let decimals):
      copy.storage = .bytes(indices.map { codes[$0] }, decimals: decimals)
    case .words(let codes, let decimals):
      copy.storage = .words(indices.map { codes[$0] }, decimals: decimals)
    case .integers(let codes, let decimals):
      copy.storage = .integers(indices.map { codes[$0] }, decimals: decimals)
    }
    return copy
  }

  /// Puts other numbers behind these. O(others), and as much again for all where these do not have
  /// room for them as they are held.
  public mutating func append(contentsOf other: Numbers) {
    if isEmpty {
      self = other
    } else if !other.isEmpty, !appended(other) {
      self = other.isPacked && isPacked ? widened(for: other) : Numbers(array)
      let isAppended = appended(other)
      precondition(isAppended)
    }
  }

  // MARK: Decimals

  @inline(__always)
  private static func value<Code: FixedWidthInteger & SignedInteger>(
    _ code: Code, _ power: Double
  ) -> Double {
    // A quotient of integers is rounded as the decimal text was.
    code == Code.min ? .nan : Double(code) / power
  }

  private static func values<Code: FixedWidthInteger & SignedInteger>(
    _ codes: [Code], _ decimals: Int
  ) -> [Double] {
    let power = powers[decimals]
    return codes.map { value($0, power) }
  }

  // MARK: Appending

  private var isPacked: Bool { if case .doubles = storage { false } else { true } }

  /// Appends where the storage has room for the others' decimals and digits; returns whether it
  /// did.
  private mutating func appended(_ other: Numbers) -> Bool {
    switch storage {
    case .doubles(var values):
      storage = .doubles([])
      values += other.array
      storage = .doubles(values)
      return true
    case .bytes(var codes, let decimals):
      guard let more: [Int8] = other.codes(decimals: decimals) else { return false }
      storage = .bytes([], decimals: decimals)
      codes += more
      storage = .bytes(codes, decimals: decimals)
    case .words(var codes, let decimals):
      guard let more: [Int16] = other.codes(decimals: decimals) else { return false }
      storage = .words([], decimals: decimals)
      codes += more
      storage = .words(codes, decimals: decimals)
    case .integers(var codes, let decimals):
      guard let more: [Int32] = other.codes(decimals: decimals) else { return false }
      storage = .integers([], decimals: decimals)
      codes += more
      storage = .integers(codes, decimals: decimals)
    }
    return true
  }

  /// The same values as integers of a type with `decimals` decimals; nil where they do not fit.
  private func codes<Code: FixedWidthInteger & SignedInteger>(decimals: Int) -> [Code]? {
    switch storage {
    case .doubles: nil
    case .bytes(let codes, let own): Self.rescaled(codes, from: own, to: decimals)
    case .words(let codes, let own): Self.rescaled(codes, from: own, to: decimals)
    case .integers(let codes, let own): Self.rescaled(codes, from: own, to: decimals)
    }
  }

  private static func rescaled<
    From: FixedWidthInteger & SignedInteger, To: FixedWidthInteger & SignedInteger
  >(_ codes: [From], from own: Int, to decimals: Int) -> [To]? {
    guard decimals >= own else { return nil }
    if decimals == own, From.self == To.self { return unsafeBitCast(codes, to: [To].self) }
    let factor = Int(powers[decimals - own])
    var result: [To] = []
    result.reserveCapacity(codes.count)
    for code in codes {
      if code == From.min {
        result.append(To.min)
      } else {
        guard let scaled = To(exactly: Int(code) * factor), scaled > To.min else { return nil }
        result.append(scaled)
      }
    }
    return result
  }

  /// The same values with room for others that are packed, too; doubles where there is no such
  /// form.
  private func widened(for other: Numbers) -> Numbers {
    let decimals = Swift.max(self.decimals, other.decimals)
    let fits = { (numbers: Numbers, limit: Int) in
      numbers.maximum * Int(Self.powers[decimals - numbers.decimals]) <= limit
    }
    var copy = self
    if fits(self, Int(Int8.max)), fits(other, Int(Int8.max)) {
      copy.storage = .bytes(codes(decimals: decimals)!, decimals: decimals)
    } else if fits(self, Int(Int16.max)), fits(other, Int(Int16.max)) {
      copy.storage = .words(codes(decimals: decimals)!, decimals: decimals)
    } else if fits(self, Int(Int32.max)), fits(other, Int(Int32.max)) {
      copy.storage = .integers(codes(decimals: decimals)!, decimals: decimals)
    } else {
      copy = Numbers(array)
    }
    return copy
  }

  private var decimals: Int {
    switch storage {
    case .doubles: 0
    case .bytes(_, let decimals), .words(_, let decimals), .integers(_, let decimals): decimals
    }
  }

  /// The greatest magnitude of an integer.
  private var maximum: Int {
    func maximum<Code: FixedWidthInteger & SignedInteger>(_ codes: [Code]) -> Int {
      codes.reduce(0) { $1 == Code.min ? $0 : Swift.max($0, abs(Int($1))) }
    }
    return switch storage {
    case .doubles: 0
    case .bytes(let codes, _): maximum(codes)
    case .words(let codes, _): maximum(codes)
    case .integers(let codes, _): maximum(codes)
    }
  }
}

extension Numbers: RandomAccessCollection {
  /// Always 0: rows are counted from 0.
  public var startIndex: Int { 0 }

  /// The number of values. O(1).
  public var endIndex: Int {
    switch storage {
    case .doubles(let values): values.count
    case .bytes(let codes, _): codes.count
    case .words(let codes, _): codes.count
    case .integers(let codes, _): codes.count
    }
  }

  /// The value of a row, decoded from its compact form; NaN if it is missing. O(1).
  public subscript(index: Int) -> Double {
    switch storage {
    case .doubles(let values): values[index]
    case .bytes(let codes, let decimals): Self.value(codes[index], Self.powers[decimals])
    case .words(let codes, let decimals): Self.value(codes[index], Self.powers[decimals])
    case .integers(let codes, let decimals): Self.value(codes[index], Self.powers[decimals])
    }
  }
}

extension Numbers: ExpressibleByArrayLiteral {
  /// The elements of a literal, as doubles. O(elements).
  public init(arrayLiteral elements: Double...) { self.init(elements) }
}

extension Numbers: Equatable {
  /// Whether all values are equal, however they are held.
  public static func == (a: Numbers, b: Numbers) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $0 == $1 }
  }
}
