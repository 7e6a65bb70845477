/// A column's encoder, as a value that can be stored.
enum AnyColumnEncoder: Sendable, Codable {
  case constant(ConstantEncoder)
  case category(CategoryEncoder)
  case numeric(NumericEncoder)
  case mixed(MixedEncoder)
  case calendar(CalendarEncoder)
  case posterTime(PosterTimeEncoder)

  var encoder: any ColumnEncoder {
    switch self {
    case .constant(let encoder): encoder
    case .category(let encoder): encoder
    case .numeric(let encoder): encoder.encoder
    case .mixed(let encoder): encoder
    case .calendar(let encoder): encoder
    case .posterTime(let encoder): encoder
    }
  }

  /// More distinct values than this are never all atoms.
  private static let atomLimit = 25

  /// Chooses and fits the encoder of a column.
  ///
  /// - Parameters:
  ///   - values: the column as numbers (codes for text), NaN where missing.
  ///   - atoms: values that stand out.
  ///   - isPoint: whether the values are times, to be taken apart by the calendar.
  static func fit(
    _ values: [Double], schema: ColumnSchema, atoms: [Double], isPoint: Bool,
    configuration: EncodingConfiguration
  ) throws(TabularError) -> AnyColumnEncoder {
    let present = values.filter { !$0.isNaN }
    if present.isEmpty { return .constant(ConstantEncoder(values)) }
    switch schema.kind {
    case .constant, .id: return .constant(ConstantEncoder(values))
    case .categorical, .boolean:
      return .category(try CategoryEncoder(values, name: schema.name))
    case .datetime where isPoint && configuration.time == .calendar:
      return .calendar(
        try CalendarEncoder(values, format: schema.datetimeFormat, name: schema.name))
    case .datetime where isPoint && configuration.time == .poster:
      return .posterTime(PosterTimeEncoder(values))
    case .continuous, .integer, .datetime:
      var format = schema.numberFormat
      if schema.kind == .datetime {
        let whole = present.allSatisfy { $0 == $0.rounded() }
        format = NumberFormat(style: .shortest, decimals: whole ? 0 : 3)
      }
      let fit = { (values: [Double]) in
        NumericEncoder(values, format: format, configuration: configuration)
      }
      let atoms = configuration.separatesAtoms ? atoms : []
      if !atoms.isEmpty && atoms.count <= atomLimit && Set(present).count <= atomLimit {
        return .category(try CategoryEncoder(values, name: schema.name))
      }
      if !atoms.isEmpty || present.count < values.count {
        return .mixed(MixedEncoder(values, atoms: atoms, fit: fit))
      }
      return .numeric(fit(present))
    }
  }
}
