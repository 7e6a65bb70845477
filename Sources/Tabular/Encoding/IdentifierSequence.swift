/// Makes keys anew: real ones are never repeated, and never stored.
///
/// Numbers go on from the greatest real one. Texts get the real ones' common beginning and a running
/// number that goes on from the greatest, with leading zeros where real ones have them. A generated
/// key is never missing.
struct IdentifierSequence: Sendable, Codable, Equatable {
  /// Nil for keys that are numbers.
  private let prefix: String?
  private let first: Int
  /// The least number of digits of a text's number.
  private let digits: Int

  /// O(keys).
  init(_ column: Column) {
    switch column.values {
    case .number(let values), .datetime(let values):
      prefix = nil
      digits = 1
      let greatest = values.reduce(0) { $1.isNaN ? $0 : max($0, $1) }
      first = greatest < 1e15 ? Int(greatest) + 1 : 1
    case .text(_, let levels):
      var common = levels.first ?? ""
      for level in levels {
        while !level.hasPrefix(common) { common.removeLast() }
      }
      while let last = common.last, last.isNumber { common.removeLast() }
      let endings = levels.map { $0.dropFirst(common.count) }
      let padded = endings.first { $0.count > 1 && $0.hasPrefix("0") && Int($0) != nil }
      prefix = common
      digits = padded?.count ?? 1
      first = endings.reduce(0) { max($0, Int($1).map { $0 < 1 << 53 ? $0 : 0 } ?? 0) } + 1
    }
  }

  /// No real key is taken to be greater, and none has more digits.
  private static let greatest = 1 << 54
  private static let mostDigits = 1000

  /// Decodes a sequence; one that no keys could have led to is refused.
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    prefix = try container.decodeIfPresent(String.self, forKey: .prefix)
    first = try container.decode(Int.self, forKey: .first)
    digits = try container.decode(Int.self, forKey: .digits)
    guard (0...Self.greatest).contains(first) else {
      throw DecodingError.flaw(
        "'first' must lie in 0...\(Self.greatest), not be \(first)", in: decoder)
    }
    guard (1...Self.mostDigits).contains(digits) else {
      throw DecodingError.flaw(
        "'digits' must lie in 1...\(Self.mostDigits), not be \(digits)", in: decoder)
    }
  }

  /// The keys of generated rows.
  func column(name: String, rows: Range<Int>) -> Column {
    guard let prefix else {
      return Column(name: name, values: .number(rows.map { Double(first + $0) }))
    }
    let keys = rows.map { row in
      let number = String(first + row)
      return prefix + String(repeating: "0", count: max(0, digits - number.count)) + number
    }
    return Column(name: name, values: .text(codes: Array(0..<Int32(rows.count)), levels: keys))
  }
}
