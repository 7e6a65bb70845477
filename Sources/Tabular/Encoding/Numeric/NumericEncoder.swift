/// An encoder of a plain quantity, as a value that can be stored.
enum NumericEncoder: Sendable, Codable {
  case quantile(QuantileEncoder)
  case modeSpecific(ModeSpecificEncoder)
  case minMax(MinMaxEncoder)

  /// Fits values that are present.
  init(_ values: [Double], format: NumberFormat?, configuration: EncodingConfiguration) {
    switch configuration.numeric {
    case .quantile: self = .quantile(QuantileEncoder(values, format: format))
    case .modeSpecific:
      self = .modeSpecific(
        ModeSpecificEncoder(values, format: format, modes: configuration.modes))
    case .minMax: self = .minMax(MinMaxEncoder(values, format: format))
    }
  }

  var encoder: any ColumnEncoder {
    switch self {
    case .quantile(let encoder): encoder
    case .modeSpecific(let encoder): encoder
    case .minMax(let encoder): encoder
    }
  }
}
