// SPDX-License-Identifier: Apache-2.0

extension ColumnSchema {
  /// A number or time of this column as its file writes it; a missing value is NaN.
  public func text(of value: Double) -> String {
    guard !value.isNaN else { return missingText }
    var bytes: [UInt8] = []
    if let pattern = datetimeFormat.flatMap(DatetimePattern.init) {
      pattern.write(value, to: &bytes)
    } else {
      NumberWriter(numberFormat ?? NumberFormat(style: .shortest, decimals: 15))
        .write(value, to: &bytes)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
