// SPDX-License-Identifier: Apache-2.0

/// What a random stream is for.
///
/// Streams of different purposes are independent.
enum EvaluationPurpose {
  static let holdoutRows: UInt64 = 1
  static let syntheticRows: UInt64 = 2
  static let trainRows: UInt64 = 3
  static let memorizationTrain: UInt64 = 4
  static let memorizationHoldout: UInt64 = 5
  static let memorizationSynthetic: UInt64 = 6
  static let memorizationReference: UInt64 = 7
  static let singleColumnReal: UInt64 = 8
  static let singleColumnSynthetic: UInt64 = 9
  static let probe: UInt64 = 10
  static let monitoringOrder: UInt64 = 11
  /// And the following one.
  static let folds: UInt64 = 16
  /// This purpose and one following number per resample.
  static let bootstrap: UInt64 = 1 << 12
  /// And as many following ones as there are parts of the work.
  static let monitoringLabels: UInt64 = 1 << 16
  /// And as many following ones as there are columns.
  static let independentColumnsBaseline: UInt64 = 1 << 32
}
