// SPDX-License-Identifier: Apache-2.0

import Tabular

/// A way in which a column follows from others, up to a residual that is encoded in its place.
public enum ColumnRelation: Sendable, Equatable, CustomStringConvertible {
  case sum(LinearRelation)
  case product(ProductRelation)
  case rank(ConditionalRank)
  case rate(RateRelation)
  case dependency(FunctionalDependency)
  /// A linear function of one other column.
  case affine(AffineRelation)

  /// The relations that nearly all rows of a table obey, in the order in which their targets can be
  /// computed; of larger tables, a million evenly spaced rows are examined. See ``RelationFinder``.
  ///
  /// - Parameter onProgress: called with the completed share of the search, 0...1; an error it
  ///   throws ends the search.
  public static func all(
    in table: Table, schema: Schema, onProgress: (Double) throws -> Void
  ) rethrows -> [ColumnRelation] {
    let rows = table.rowCount
    let looked =
      rows <= SchemaInference.exactRows
      ? table
      : table.selecting(
        rows: (0..<SchemaInference.exactRows).map { $0 * rows / SchemaInference.exactRows })
    return try RelationFinder(table: looked, schema: schema).relations(onProgress: onProgress)
  }

  /// The column that is computed.
  public var target: String {
    switch self {
    case .sum(let relation): relation.target
    case .product(let relation): relation.target
    case .rank(let relation): relation.target
    case .rate(let relation): relation.target
    case .dependency(let relation): relation.target
    case .affine(let relation): relation.target
    }
  }

  /// The columns that it is computed from.
  public var parts: [String] {
    switch self {
    case .sum(let relation): relation.parts
    case .product(let relation): relation.factors
    case .rank(let relation): [relation.given]
    case .rate(let relation): relation.parts
    case .dependency(let relation): relation.determinants
    case .affine(let relation): [relation.part]
    }
  }

  /// The relation as a formula, for reports.
  public var description: String {
    switch self {
    case .sum(let relation): relation.description
    case .product(let relation): relation.description
    case .rank(let relation): relation.description
    case .rate(let relation): relation.description
    case .dependency(let relation): relation.description
    case .affine(let relation): relation.description
    }
  }

  /// The decimals that a residual is kept to: those of the target, or finer than what a
  /// rank is known to.
  var residualDecimals: Int {
    switch self {
    case .sum(let relation): relation.decimals
    case .product(let relation): relation.decimals
    case .rate(let relation): relation.decimals
    case .rank: 7
    case .dependency: 0
    case .affine(let relation): relation.decimals ?? 9
    }
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool {
    switch self {
    case .sum(let relation): (0...9).contains(relation.decimals)
    case .product(let relation): relation.isValid
    case .rank(let relation): relation.isValid
    case .rate(let relation): relation.isValid
    case .dependency(let relation): relation.isValid
    case .affine(let relation): relation.isValid
    }
  }

  /// What is encoded in the target's place, rounded to `residualDecimals`.
  package func residual(target: [Double], parts: [[Double]]) -> [Double] {
    let scale = (0..<residualDecimals).reduce(1.0) { scale, _ in scale * 10 }
    return exactResidual(target: target, parts: parts).map { ($0 * scale).rounded() / scale + 0 }
  }

  private func exactResidual(target: [Double], parts: [[Double]]) -> [Double] {
    switch self {
    case .sum(let relation): relation.residual(target: target, parts: parts)
    case .product(let relation): relation.residual(target: target, parts: parts)
    case .rank(let relation): relation.residual(target: target, parts: parts)
    case .rate(let relation): relation.residual(target: target, parts: parts)
    case .dependency(let relation): relation.residual(target: target, parts: parts)
    case .affine(let relation): relation.residual(target: target, parts: parts)
    }
  }

  func target(residual: [Double], parts: [[Double]]) -> [Double] {
    switch self {
    case .sum(let relation): relation.target(residual: residual, parts: parts)
    case .product(let relation): relation.target(residual: residual, parts: parts)
    case .rank(let relation): relation.target(residual: residual, parts: parts)
    case .rate(let relation): relation.target(residual: residual, parts: parts)
    case .dependency(let relation): relation.target(residual: residual, parts: parts)
    case .affine(let relation): relation.target(residual: residual, parts: parts)
    }
  }
}

extension ColumnRelation: Codable {
  private enum CodingKeys: String, CodingKey {
    case knots, rules, determinants, factors, slope
  }

  /// The kinds are distinguished by their keys.
  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    if keys.contains(.knots) {
      self = .rank(try ConditionalRank(from: decoder))
    } else if keys.contains(.rules) {
      self = .rate(try RateRelation(from: decoder))
    } else if keys.contains(.determinants) {
      self = .dependency(try FunctionalDependency(from: decoder))
    } else if keys.contains(.factors) {
      self = .product(try ProductRelation(from: decoder))
    } else if keys.contains(.slope) {
      self = .affine(try AffineRelation(from: decoder))
    } else {
      self = .sum(try LinearRelation(from: decoder))
    }
  }

  /// Encodes the relation without its kind, which follows from the keys.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .sum(let relation): try relation.encode(to: encoder)
    case .product(let relation): try relation.encode(to: encoder)
    case .rank(let relation): try relation.encode(to: encoder)
    case .rate(let relation): try relation.encode(to: encoder)
    case .dependency(let relation): try relation.encode(to: encoder)
    case .affine(let relation): try relation.encode(to: encoder)
    }
  }
}
