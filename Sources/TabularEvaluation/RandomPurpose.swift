/// What a random stream is for.
///
/// Streams of different purposes are independent.
enum RandomPurpose {
  static let holdoutRows: UInt64 = 1
  static let syntheticRows: UInt64 = 2
  static let trainRows: UInt64 = 3
  static let copyingTrain: UInt64 = 4
  static let copyingHoldout: UInt64 = 5
  static let copyingSynthetic: UInt64 = 6
  static let copyingReference: UInt64 = 7
  static let soloReal: UInt64 = 8
  static let soloSynthetic: UInt64 = 9
  static let probe: UInt64 = 10
  static let guardOrder: UInt64 = 11
  /// And the following one.
  static let folds: UInt64 = 16
  /// This purpose and one following number per resample.
  static let bootstrap: UInt64 = 1 << 12
  /// And as many following ones as there are parts of the work.
  static let guardLabels: UInt64 = 1 << 16
  /// And as many following ones as there are columns.
  static let control: UInt64 = 1 << 32
}
