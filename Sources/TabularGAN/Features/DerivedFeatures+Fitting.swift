// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEncoding

extension DerivedFeatures {
  /// Chooses the features of a table, with the means and standard deviations of a sample of its
  /// rows. O(columns² + rows log rows) on at most 4,000 rows.
  ///
  /// - Parameters:
  ///   - encoder: the encoder that was fitted on the table.
  ///   - seed: determines the random choices of the encoding.
  ///   - threads: number of threads; the result does not depend on it.
  package static func fitted(
    to table: Table, encoder: TableEncoder, seed: UInt64, threads: Int
  ) throws(TabularError) -> DerivedFeatures {
    var derived = DerivedFeatureFinder(
      table: table, columns: encoder.columns, relations: encoder.relations
    ).features()
    guard derived.count > 0, let map = derived.map(in: encoder) else { return .none }
    let rows = DerivedFeatureFinder.sampleRows(table.rowCount)
    let encoded = try encoder.transform(table.selecting(rows: rows), seed: seed, threads: threads)
    var columns = Array(repeating: [Double](), count: map.count)
    var row = [Float](repeating: 0, count: encoder.width)
    for number in rows.indices {
      let values = row.withUnsafeMutableBufferPointer { buffer in
        encoded.expand(rows: [number], into: buffer, stride: encoder.width)
        return map.rawValues(buffer.baseAddress!)
      }
      for (index, value) in values.enumerated() where !value.isNaN { columns[index].append(value) }
    }
    for (index, values) in columns.enumerated() where values.count > 1 {
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      derived.features[index].mean = mean
      derived.features[index].deviation = max(variance.squareRoot(), 1e-3)
    }
    guard derived.problem(in: encoder) == nil else {
      throw .encoding("derived features: a scale, a mean or a deviation is out of range")
    }
    return derived
  }

  /// Evaluates the features on rows of an encoder; nil if they refer to columns that it lacks.
  package func map(in encoder: TableEncoder) -> DerivedFeatureMap? {
    DerivedFeatureMap(
      self, columns: encoder.columns, offsets: encoder.offsets, relations: encoder.relations)
  }

  /// Why these features cannot be evaluated on rows of an encoder; nil if they can.
  package func problem(in encoder: TableEncoder) -> String? {
    guard isValid else { return "a scale, a mean or a deviation is out of range" }
    return map(in: encoder) == nil ? "a feature refers to an unknown column" : nil
  }
}
