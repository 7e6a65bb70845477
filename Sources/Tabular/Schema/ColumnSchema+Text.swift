// SPDX-License-Identifier: Apache-2.0

extension ColumnSchema {
  /// A number or time of this column as its file writes it; a missing value is NaN.
  public func text(of value: Double) -> String { ColumnTextWriter(self).text(of: value) }
}

/// Writes numbers or times of a column as its file does.
package struct ColumnTextWriter: Sendable {
  private let missing: String
  private let pattern: DatetimePattern?
  private let number: NumberWriter

  package init(_ schema: ColumnSchema) {
    missing = schema.missingText
    pattern = schema.datetimeFormat.flatMap(DatetimePattern.init)
    number = NumberWriter(schema.numberFormat ?? NumberFormat(style: .shortest, decimals: 15))
  }

  /// The text; a missing value is NaN.
  package func text(of value: Double) -> String {
    guard !value.isNaN else { return missing }
    var bytes: [UInt8] = []
    if let pattern { pattern.write(value, to: &bytes) } else { number.write(value, to: &bytes) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
