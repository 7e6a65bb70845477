// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Chooses the encoder of a column, and fits it.
///
/// The rules, in this order:
/// - no value, one value and none missing, or declared `constant` or `id`: no place in the row;
/// - `categorical`, `boolean`: categories;
/// - `datetime`: as the configuration says: calendar, the poster's numbers, or a quantity;
/// - a quantity whose values are all point masses, at most 25 of them: categories;
/// - a quantity with point masses or missing values: mixed; any other: the configuration's numeric
///   encoder.
struct EncoderSelection {
  let configuration: EncodingConfiguration

  /// More distinct values than this are never all point masses.
  private static let pointMassLimit = 25

  /// - Parameter values: the column as numbers (places in a list for text), NaN where missing.
  func fit(_ values: [Double], schema: ColumnSchema) throws(TabularError) -> FittedColumnEncoder {
    if let row = values.firstIndex(where: \.isInfinite) {
      throw .encoding(
        "holds \(values[row]) in row \(row + 1), which cannot be modeled (replace it by a missing value)"
      )
    }
    if isConstant(values) { return .constant(ConstantEncoder(fitting: values)) }
    switch schema.kind {
    case .constant, .id, .text: return .constant(ConstantEncoder(fitting: values))
    case .categorical, .boolean: return .category(try CategoryEncoder(fitting: values))
    case .datetime where configuration.time == .calendar:
      return .calendar(
        try CalendarEncoder(fitting: values, output: configuration.quantileOutput))
    case .datetime where configuration.time == .poster:
      return .posterTime(try PosterTimeEncoder(fitting: values))
    case .datetime:
      let isWhole = values.allSatisfy { $0.isNaN || $0 == $0.rounded() }
      return try quantity(
        values, format: NumberFormat(style: .shortest, decimals: isWhole ? 0 : 3), pointMasses: [])
    case .continuous, .integer:
      return try quantity(
        values, format: schema.numberFormat, pointMasses: schema.pointMasses.map(\.value))
    }
  }

  /// Fits a quantity.
  func quantity(
    _ values: [Double], format: NumberFormat?, pointMasses: [Double]
  ) throws(TabularError) -> FittedColumnEncoder {
    if isConstant(values) { return .constant(ConstantEncoder(fitting: values)) }
    let pointMasses = configuration.separatesPointMasses ? pointMasses : []
    if !pointMasses.isEmpty && pointMasses.count <= Self.pointMassLimit {
      var distinct: Set<Double> = []
      for value in values where !value.isNaN && distinct.count <= Self.pointMassLimit {
        distinct.insert(value)
      }
      if distinct.count <= Self.pointMassLimit {
        return .category(try CategoryEncoder(fitting: values))
      }
    }
    if !pointMasses.isEmpty || values.contains(where: \.isNaN) {
      return .mixed(
        try MixedEncoder(
          fitting: values, pointMasses: pointMasses, format: format, configuration: configuration))
    }
    return .numeric(
      try NumericEncoder(fitting: values, format: format, configuration: configuration))
  }

  /// Whether all values are the same: one value throughout, or all missing.
  private func isConstant(_ values: [Double]) -> Bool {
    guard let first = values.first else { return true }
    return values.allSatisfy { $0 == first || ($0.isNaN && first.isNaN) }
  }
}
