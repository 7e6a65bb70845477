// SPDX-License-Identifier: Apache-2.0

/// A column that others determine, as a table of what goes with what: the distance of a flight
/// given its airports, a code given the name that it stands for.
///
/// What is encoded in the column's place is how many categories away from the expected one the
/// value is, counted cyclically: 0 in nearly all rows, so that the column takes hardly any room, or
/// none.
public struct FunctionalDependency: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The column that is computed.
  public let target: String
  /// The one or two columns that determine it.
  public let determinants: [String]
  /// The values of the target, ascending.
  let categories: [Double]
  /// Values of the determinants that occur together, ascending; a missing value is -infinity.
  let keys: [[Double]]
  /// For each key the place among `categories` of the value that goes with it most often.
  let expected: [UInt16]

  /// The relation as a formula, for reports.
  public var description: String {
    "\(target) = function of \(determinants.joined(separator: ", "))"
  }

  /// Learns what goes with what. O(rows log keys).
  ///
  /// - Precondition: the target has no missing value, and at most 65,536 different ones.
  init(target: String, values: [Double], determinants: [String], parts: [[Double]]) {
    self.target = target
    self.determinants = determinants
    let categories = Set(values).sorted()
    let positions = Dictionary(uniqueKeysWithValues: zip(categories, 0...))
    var counts: [[Double]: [UInt16: Int]] = [:]
    for (row, value) in values.enumerated() {
      counts[Self.key(parts, row), default: [:]][UInt16(positions[value]!), default: 0] += 1
    }
    self.categories = categories
    keys = counts.keys.sorted { $0.lexicographicallyPrecedes($1) }
    expected = keys.map { key in
      counts[key]!.max { ($0.value, $1.key) < ($1.value, $0.key) }!.key
    }
  }

  private static func key(_ parts: [[Double]], _ row: Int) -> [Double] {
    parts.map { $0[row].isNaN ? -.infinity : $0[row] }
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool {
    !keys.isEmpty && categories.areFinite && keys.count == expected.count
      && (1...2).contains(determinants.count)
      && keys.allSatisfy { key in
        key.count == determinants.count && !key.contains(where: \.isNaN)
      }
      && zip(keys, keys.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
      && zip(categories, categories.dropFirst()).allSatisfy { $0 < $1 }
      && expected.allSatisfy { Int($0) < categories.count }
  }

  /// Whether every value of the target is a valid index into `count` texts.
  func yieldsPositions(of count: Int) -> Bool {
    categories.allSatisfy { $0 >= 0 && $0 < Double(count) && $0 == $0.rounded() }
  }

  /// The expected category of each row: that of its key, or of the nearest lower key.
  private func expectedCategories(_ parts: [[Double]]) -> [Int] {
    (parts.first?.indices ?? 0..<0).map { row in
      let key = Self.key(parts, row)
      let next = keys.partitionIndex { key.lexicographicallyPrecedes($0) }
      return Int(expected[max(next - 1, 0)])
    }
  }

  /// Categories from the expected one to the row's, cyclically; NaN for a value that was not
  /// learned.
  package func residual(target: [Double], parts: [[Double]]) -> [Double] {
    zip(target, expectedCategories(parts)).map { value, expected in
      let category = categories.partitionIndex { $0 >= value }
      guard category < categories.count, categories[category] == value else { return .nan }
      return Double((category - expected + categories.count) % categories.count)
    }
  }

  /// The values that the residuals stand for. O(rows log keys).
  func target(residual: [Double], parts: [[Double]]) -> [Double] {
    zip(residual, expectedCategories(parts)).map { residual, expected in
      guard !residual.isNaN else { return residual }
      return categories[(expected + residual.whole(in: 0...categories.count)) % categories.count]
    }
  }
}
