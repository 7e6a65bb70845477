// SPDX-License-Identifier: Apache-2.0

import Tabular

/// An encoder of a plain quantity, as a value that can be stored.
package enum NumericEncoder: Sendable, Equatable {
  case quantile(QuantileEncoder)
  case modeSpecific(ModeSpecificEncoder)
  case minMax(MinMaxEncoder)

  /// Fits the encoder that the configuration asks for.
  init(
    fitting values: [Double], format: NumberFormat?, configuration: EncodingConfiguration
  ) throws(TabularError) {
    switch configuration.numeric {
    case .quantile:
      self = .quantile(
        try QuantileEncoder(fitting: values, format: format, output: configuration.quantileOutput))
    case .modeSpecific:
      self = .modeSpecific(
        try ModeSpecificEncoder(fitting: values, format: format, modes: configuration.modes))
    case .minMax: self = .minMax(try MinMaxEncoder(fitting: values, format: format))
    }
  }

  package var encoder: any ColumnEncoder {
    switch self {
    case .quantile(let encoder): encoder
    case .modeSpecific(let encoder): encoder
    case .minMax(let encoder): encoder
    }
  }

  /// As ``ColumnEncoder/inverse(_:)``, without going through an existential.
  ///
  /// - Parameter position: a number in 0..<1, evaluated only if the rounding step is drawn.
  @inline(__always)
  func inverse(_ row: UnsafePointer<Float>, at position: @autoclosure () -> Double) -> Double {
    switch self {
    case .quantile(let encoder): encoder.inverse(row, at: position())
    case .modeSpecific(let encoder): encoder.inverse(row, at: position())
    case .minMax(let encoder): encoder.inverse(row, at: position())
    }
  }

  /// The values that are present; throws where there is none, or one that is no number to
  /// calculate with.
  static func learnable(_ values: [Double]) throws(TabularError) -> [Double] {
    let present = values.filter { !$0.isNaN }
    if present.isEmpty { throw .encoding("there is no value to learn from") }
    if let value = present.first(where: \.isInfinite) {
      throw .encoding(
        "holds \(value), which cannot be modeled (replace it by a missing value)")
    }
    return present
  }
}

extension NumericEncoder: Codable {
  private enum CodingKeys: String, CodingKey { case type }

  enum Kind: String, Codable, CaseIterable {
    case quantile, modeSpecific, minMax
  }

  package init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: CodingKeys.self).decode(Kind.self, forKey: .type) {
    case .quantile: self = .quantile(try QuantileEncoder(from: decoder))
    case .modeSpecific: self = .modeSpecific(try ModeSpecificEncoder(from: decoder))
    case .minMax: self = .minMax(try MinMaxEncoder(from: decoder))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    let kind: Kind =
      switch self {
      case .quantile: .quantile
      case .modeSpecific: .modeSpecific
      case .minMax: .minMax
      }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .type)
    try self.encoder.encode(to: encoder)
  }
}
