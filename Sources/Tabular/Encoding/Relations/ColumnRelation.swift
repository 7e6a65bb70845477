/// A way in which a column follows from others, up to a rest that is encoded in its place.
public enum ColumnRelation: Sendable, Equatable, CustomStringConvertible {
  case sum(LinearRelation)
  case path(PathRelation)

  /// The column that is computed.
  public var target: String {
    switch self {
    case .sum(let relation): relation.target
    case .path(let relation): relation.target
    }
  }

  /// The columns that it is computed from.
  public var parts: [String] {
    switch self {
    case .sum(let relation): relation.parts
    case .path(let relation): relation.places
    }
  }

  public var description: String {
    switch self {
    case .sum(let relation): relation.description
    case .path(let relation): relation.description
    }
  }

  /// The decimals that a rest is kept to.
  var restDecimals: Int {
    switch self {
    case .sum(let relation): relation.decimals
    // Far finer than any length of some thousand lines.
    case .path: 7
    }
  }

  /// Whether what was decoded makes sense.
  var isValid: Bool {
    switch self {
    case .sum(let relation): (0...9).contains(relation.decimals)
    case .path(let relation): relation.places.count == 4 && (0...9).contains(relation.decimals)
    }
  }

  func rest(target: [Double], parts: [[Double]]) -> [Double] {
    switch self {
    case .sum(let relation): relation.rest(target: target, parts: parts)
    case .path(let relation): relation.rest(target: target, parts: parts)
    }
  }

  func target(rest: [Double], parts: [[Double]]) -> [Double] {
    switch self {
    case .sum(let relation): relation.target(rest: rest, parts: parts)
    case .path(let relation): relation.target(rest: rest, parts: parts)
    }
  }
}

extension ColumnRelation: Codable {
  private enum CodingKeys: String, CodingKey { case places }

  /// The two kinds are told apart by what they have.
  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    self =
      keys.contains(.places)
      ? .path(try PathRelation(from: decoder)) : .sum(try LinearRelation(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .sum(let relation): try relation.encode(to: encoder)
    case .path(let relation): try relation.encode(to: encoder)
    }
  }
}
