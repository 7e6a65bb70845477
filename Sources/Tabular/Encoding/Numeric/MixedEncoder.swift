/// A column of single values that stand out, a remainder, and missing values: a one-hot vector tells
/// which, and the remainder has an encoder of its own.
struct MixedEncoder: ColumnEncoder {
  private let atoms: [Double]
  private let remainder: NumericEncoder?
  private let hasMissing: Bool

  /// Levels in the order of the one-hot vector: atoms, remainder (where there is one), missing.
  private var levelCount: Int { atoms.count + (remainder == nil ? 0 : 1) + (hasMissing ? 1 : 0) }

  /// - Parameters:
  ///   - values: all of the column, NaN where missing.
  ///   - fit: makes the encoder of what is no atom.
  init(_ values: [Double], atoms: [Double], fit: ([Double]) -> NumericEncoder) {
    let atomSet = Set(atoms)
    let rest = values.filter { !$0.isNaN && !atomSet.contains($0) }
    self.atoms = atoms
    remainder = rest.isEmpty ? nil : fit(rest)
    hasMissing = values.contains(where: \.isNaN)
  }

  var spans: [OutputSpan] {
    let first = OutputSpan(column: 0, offset: 0, width: levelCount, activation: .softmax)
    let rest = remainder?.encoder.spans ?? []
    return [first]
      + rest.map { span in
        var span = span
        span.offset += levelCount
        return span
      }
  }

  func transform(_ values: [Double], seed: UInt64) -> [EncodedTable.Block] {
    let index = Dictionary(zip(atoms, 0...), uniquingKeysWith: { first, _ in first })
    let missing = UInt16(levelCount - 1)
    var rest = [Double](repeating: .nan, count: values.count)
    var codes = [UInt16](repeating: 0, count: values.count)
    for (row, value) in values.enumerated() {
      if value.isNaN {
        codes[row] = hasMissing ? missing : 0
      } else if let atom = index[value] {
        codes[row] = UInt16(atom)
      } else {
        codes[row] = UInt16(min(atoms.count, levelCount - 1))
        rest[row] = value
      }
    }
    return [.code(codes)] + (remainder?.encoder.transform(rest, seed: seed) ?? [])
  }

  func inverse(_ row: UnsafePointer<Float>) -> Double {
    let level = row.indexOfLargest(levelCount)
    if level < atoms.count { return atoms[level] }
    if level == atoms.count, let remainder { return remainder.encoder.inverse(row + levelCount) }
    return .nan
  }
}
