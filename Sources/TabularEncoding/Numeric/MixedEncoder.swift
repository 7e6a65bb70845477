import Tabular

/// A column of single values that stand out (atoms), a remainder, and missing values: a one-hot
/// vector tells which, and the remainder has a numeric encoder of its own.
///
/// Where the one-hot vector names an atom or a missing value, the remainder's positions hold 0 and
/// are not read.
public struct MixedEncoder: ColumnEncoder, Equatable {
  private let atoms: [Double]
  private let remainder: NumericEncoder?
  private let hasMissing: Bool
  /// Positions of the one-hot vector: atoms, remainder (where there is one), missing (if any).
  private let levelCount: Int
  /// Atoms ascending, with their places.
  private let sortedAtoms: [(value: Double, level: Int)]

  static let atomLimit = 60_000

  /// The level that says that the value is in the remainder, where there is one.
  var remainderLevel: Int? { remainder == nil ? nil : atoms.count }

  /// Fits a column, NaN where missing. O(rows log rows).
  ///
  /// - Parameters:
  ///   - atoms: values that become levels, in the order of the one-hot vector. A remainder of one
  ///     single value becomes a level too.
  ///   - format: how the values are written.
  ///   - configuration: which encoder the remainder gets.
  /// - Throws: ``TabularError/encoding(_:)`` where there is no value, or an infinite one.
  public init(
    fitting values: [Double], atoms: [Double], format: NumberFormat? = nil,
    configuration: EncodingConfiguration
  ) throws(TabularError) {
    let present = try NumericEncoder.learnable(values)
    var seen: Set<Double> = []
    var atoms = atoms.prefix(Self.atomLimit).map { $0 + 0 }
      .filter { !$0.isNaN && seen.insert($0).inserted }
    let rest = present.filter { !seen.contains($0) }
    var remainder: NumericEncoder?
    if let first = rest.first {
      if rest.allSatisfy({ $0 == first }) {
        atoms.append(first)
      } else {
        remainder = try NumericEncoder(
          fitting: rest, format: format, configuration: configuration)
      }
    }
    self.init(atoms: atoms, remainder: remainder, hasMissing: present.count < values.count)
  }

  private init(atoms: [Double], remainder: NumericEncoder?, hasMissing: Bool) {
    self.atoms = atoms
    self.remainder = remainder
    self.hasMissing = hasMissing
    levelCount = atoms.count + (remainder == nil ? 0 : 1) + (hasMissing ? 1 : 0)
    sortedAtoms = atoms.enumerated().map { ($1, $0) }.sorted { $0.value < $1.value }
  }

  public static func == (a: MixedEncoder, b: MixedEncoder) -> Bool {
    a.atoms == b.atoms && a.remainder == b.remainder && a.hasMissing == b.hasMissing
  }

  public var spans: [OutputSpan] {
    let first = OutputSpan(column: 0, offset: 0, width: levelCount, activation: .softmax)
    let rest = remainder?.encoder.spans ?? []
    return [first]
      + rest.map { span in
        var span = span
        span.offset += levelCount
        return span
      }
  }

  public var representsMissing: Bool { hasMissing }

  public func levels(ofSpan span: Int) -> [EncodedLevel] {
    if span > 0 { return remainder?.encoder.levels(ofSpan: span - 1) ?? [] }
    return atoms.map { .value($0) } + (remainder == nil ? [] : [.named("other")])
      + (hasMissing ? [.missing] : [])
  }

  public func transform(
    _ values: [Double], seed: UInt64
  ) throws(TabularError) -> [EncodedTable.Block] {
    let missing = UInt16(levelCount - 1)
    var rest = [Double](repeating: .nan, count: values.count)
    var codes = [UInt16](repeating: 0, count: values.count)
    for (row, value) in values.enumerated() {
      if value.isNaN {
        guard hasMissing else { throw .missingValue(row: row) }
        codes[row] = missing
        continue
      }
      let place = sortedAtoms.partitionIndex { $0.value >= value }
      if place < sortedAtoms.count && sortedAtoms[place].value == value {
        codes[row] = UInt16(sortedAtoms[place].level)
      } else if remainder != nil {
        codes[row] = UInt16(atoms.count)
        rest[row] = value
      } else {
        throw .unknownLevel("\(value)", row: row)
      }
    }
    return [.code(codes)] + (try remainder?.encoder.transform(rest, seed: seed) ?? [])
  }

  /// See ``ColumnEncoder/inverse(_:)``.
  @inline(__always)
  public func inverse(_ row: UnsafePointer<Float>) -> Double { inverse(row, at: 0) }

  /// Decodes all rows; `values` has room for one value per row.
  public func inverse(_ rows: EncodedRows, into values: UnsafeMutablePointer<Double>) {
    for i in 0..<rows.count {
      values[i] = inverse(rows.base + i * rows.stride, at: rows.place(i))
    }
  }

  @inline(__always)
  private func inverse(
    _ row: UnsafePointer<Float>, at place: @autoclosure () -> Double
  ) -> Double {
    let level = row.indexOfLargest(levelCount)
    if level < atoms.count { return atoms[level] }
    if level == atoms.count, let remainder {
      return remainder.inverse(row + levelCount, at: place())
    }
    return .nan
  }
}

extension MixedEncoder {
  private enum CodingKeys: String, CodingKey { case atoms, remainder, hasMissing }

  /// Decodes an encoder; one that could yield nothing is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let atoms = try container.decode([Double].self, forKey: .atoms)
    let remainder = try container.decodeIfPresent(NumericEncoder.self, forKey: .remainder)
    guard !(atoms.isEmpty && remainder == nil), atoms.count <= Self.atomLimit + 1, atoms.areFinite,
      Set(atoms).count == atoms.count
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .atoms, in: container,
        debugDescription:
          "there must be finite atoms, each once, or a remainder, and not too many atoms")
    }
    self.init(
      atoms: atoms, remainder: remainder,
      hasMissing: try container.decode(Bool.self, forKey: .hasMissing))
  }

  /// Encodes what cannot be computed from the rest.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(atoms, forKey: .atoms)
    try container.encodeIfPresent(remainder, forKey: .remainder)
    try container.encode(hasMissing, forKey: .hasMissing)
  }
}
