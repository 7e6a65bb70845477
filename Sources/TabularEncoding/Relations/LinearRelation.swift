// SPDX-License-Identifier: Apache-2.0

/// A column that is the sum of others up to a residual: total = fare + tip + ..., or end =
/// start + duration. The residual is encoded in place of the column, so a relation that
/// holds in nearly every real row holds exactly in nearly every generated one.
public struct LinearRelation: Sendable, Codable, Equatable, CustomStringConvertible {
  /// The column that is computed.
  public let target: String
  /// The columns that it is computed from.
  public let parts: [String]
  /// Residuals, and the target, are rounded to this many decimals.
  public let decimals: Int
  /// Whether a missing part counts as 0. Otherwise it makes the target missing.
  public let skipsMissingParts: Bool
  /// Sentinel values of the target, such as a far-future date for an open end; they are encoded
  /// unchanged. No other value has such a residual.
  let sentinels: [Double]

  init(
    target: String, parts: [String], decimals: Int, skipsMissingParts: Bool,
    sentinels: [Double] = []
  ) {
    self.target = target
    self.parts = parts
    self.decimals = decimals
    self.skipsMissingParts = skipsMissingParts
    self.sentinels = sentinels
  }

  /// The relation as a formula, for reports.
  public var description: String { "\(target) = \(parts.joined(separator: " + ")) + residual" }

  private var scale: Double { (0..<decimals).reduce(1) { scale, _ in scale * 10 } }

  /// The target less its parts, NaN where it is missing. O(parts x rows).
  package func residual(target: [Double], parts: [[Double]]) -> [Double] {
    sentinels(in: target, or: combine(target, parts, sign: -1))
  }

  /// The target from its parts and the residual. O(parts x rows).
  func target(residual: [Double], parts: [[Double]]) -> [Double] {
    sentinels(in: residual, or: combine(residual, parts, sign: 1))
  }

  private func combine(_ first: [Double], _ parts: [[Double]], sign: Double) -> [Double] {
    var sum = first
    for part in parts {
      for row in sum.indices where !(skipsMissingParts && part[row].isNaN) {
        sum[row] += sign * part[row]
      }
    }
    let scale = scale
    // Adding 0 makes a negative zero a plain one.
    for row in sum.indices { sum[row] = (sum[row] * scale).rounded() / scale + 0 }
    return sum
  }

  private func sentinels(in values: [Double], or combined: [Double]) -> [Double] {
    if sentinels.isEmpty { return combined }
    return zip(values, combined).map { sentinels.contains($0) ? $0 : $1 }
  }
}

extension LinearRelation {
  private enum CodingKeys: String, CodingKey {
    case target, parts, decimals, skipsMissingParts, sentinels
  }

  /// Decodes a relation; sentinel values are optional.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      target: try container.decode(String.self, forKey: .target),
      parts: try container.decode([String].self, forKey: .parts),
      decimals: try container.decode(Int.self, forKey: .decimals),
      skipsMissingParts: try container.decode(Bool.self, forKey: .skipsMissingParts),
      sentinels: try container.decodeIfPresent([Double].self, forKey: .sentinels) ?? [])
  }

  /// Encodes all properties, sentinel values only if there are any.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(target, forKey: .target)
    try container.encode(parts, forKey: .parts)
    try container.encode(decimals, forKey: .decimals)
    try container.encode(skipsMissingParts, forKey: .skipsMissingParts)
    if !sentinels.isEmpty { try container.encode(sentinels, forKey: .sentinels) }
  }
}
