// SPDX-License-Identifier: Apache-2.0

/// Blanks around the numbers or times of a column, as fixed-width exports have them.
public struct FieldPadding: Sendable, Equatable {
  /// Blanks before every value.
  public var leading: Int
  /// Blanks after every value.
  public var trailing: Int
  /// Bytes of every field, blanks included, if values are padded to a common width; otherwise 0.
  public var width: Int
  /// Whether the blanks that fill up the width precede the value.
  public var isRightAligned: Bool
  /// Whether a missing value without a text has the blanks, too.
  public var padsEmpty: Bool

  /// No limits are checked: ``init(from:)`` does.
  public init(
    leading: Int = 0, trailing: Int = 0, width: Int = 0, isRightAligned: Bool = true,
    padsEmpty: Bool = false
  ) {
    self.leading = leading
    self.trailing = trailing
    self.width = width
    self.isRightAligned = isRightAligned
    self.padsEmpty = padsEmpty
  }

  /// Whether values have no blanks around them.
  public var isNone: Bool { leading == 0 && trailing == 0 && width == 0 }

  /// Appends a field with its padding.
  ///
  /// - Parameter start: where the unpadded field, already in `output`, begins.
  func pad(from start: Int, in output: inout [UInt8]) {
    guard !isNone, padsEmpty || output.count > start else { return }
    let blank: UInt8 = 0x20
    output.insert(contentsOf: repeatElement(blank, count: leading), at: start)
    output.append(contentsOf: repeatElement(blank, count: trailing))
    let lacking = width - (output.count - start)
    guard lacking > 0 else { return }
    let fill = repeatElement(blank, count: lacking)
    if isRightAligned {
      output.insert(contentsOf: fill, at: start)
    } else {
      output.append(contentsOf: fill)
    }
  }
}

extension FieldPadding: Codable {
  private enum CodingKeys: String, CodingKey {
    case leading, trailing, width, isRightAligned, padsEmpty
  }

  /// Decodes a padding; nothing is required. Lengths are limited to 1,000.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func length(_ key: CodingKeys) throws -> Int {
      let value = try container.decodeIfPresent(Int.self, forKey: key) ?? 0
      guard (0...1000).contains(value) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "\(value) is not in 0...1000")
      }
      return value
    }
    self.init(
      leading: try length(.leading), trailing: try length(.trailing), width: try length(.width),
      isRightAligned: try container.decodeIfPresent(Bool.self, forKey: .isRightAligned) ?? true,
      padsEmpty: try container.decodeIfPresent(Bool.self, forKey: .padsEmpty) ?? false)
  }

  /// Encodes what differs from no padding.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if leading > 0 { try container.encode(leading, forKey: .leading) }
    if trailing > 0 { try container.encode(trailing, forKey: .trailing) }
    if padsEmpty { try container.encode(padsEmpty, forKey: .padsEmpty) }
    guard width > 0 else { return }
    try container.encode(width, forKey: .width)
    try container.encode(isRightAligned, forKey: .isRightAligned)
  }
}
