// SPDX-License-Identifier: Apache-2.0

import Tabular

extension Column {
  /// The column as the numbers that encoders are fitted on: text by its index among the column's
  /// own categories, missing values NaN. O(rows).
  package var encodableNumbers: [Double] {
    switch values {
    case .number(let values), .datetime(let values): values.array
    case .text(let codes, _): codes.map { $0 < 0 ? .nan : Double($0) }
    }
  }
}
