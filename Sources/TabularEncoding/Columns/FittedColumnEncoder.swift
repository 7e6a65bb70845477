// SPDX-License-Identifier: Apache-2.0

/// A column's encoder, as a value that can be stored: JSON of the encoder with its `type` beside.
package enum FittedColumnEncoder: Sendable, Equatable {
  case constant(ConstantEncoder)
  case category(CategoryEncoder)
  case numeric(NumericEncoder)
  case mixed(MixedEncoder)
  case calendar(CalendarEncoder)
  case posterTime(PosterTimeEncoder)

  package var encoder: any ColumnEncoder {
    switch self {
    case .constant(let encoder): encoder
    case .category(let encoder): encoder
    case .numeric(let encoder): encoder.encoder
    case .mixed(let encoder): encoder
    case .calendar(let encoder): encoder
    case .posterTime(let encoder): encoder
    }
  }
}

extension FittedColumnEncoder: Codable {
  private enum CodingKeys: String, CodingKey { case type }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let type = try container.decode(String.self, forKey: .type)
    switch type {
    case "constant": self = .constant(try ConstantEncoder(from: decoder))
    case "category": self = .category(try CategoryEncoder(from: decoder))
    case "mixed": self = .mixed(try MixedEncoder(from: decoder))
    case "calendar": self = .calendar(try CalendarEncoder(from: decoder))
    case "posterTime": self = .posterTime(try PosterTimeEncoder(from: decoder))
    default:
      guard NumericEncoder.Kind(rawValue: type) != nil else {
        throw DecodingError.dataCorruptedError(
          forKey: .type, in: container, debugDescription: "'\(type)' is no encoder")
      }
      self = .numeric(try NumericEncoder(from: decoder))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    let type: String? =
      switch self {
      case .constant: "constant"
      case .category: "category"
      case .mixed: "mixed"
      case .calendar: "calendar"
      case .posterTime: "posterTime"
      case .numeric: nil
      }
    guard let type else {
      if case .numeric(let numeric) = self { try numeric.encode(to: encoder) }
      return
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type, forKey: .type)
    try self.encoder.encode(to: encoder)
  }
}
