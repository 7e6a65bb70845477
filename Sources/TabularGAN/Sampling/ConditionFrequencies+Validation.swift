// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEncoding

extension ConditionFrequencies {
  /// The reason why the conditions do not fit a model with these spans; nil if they do.
  func validationProblem(rowSpans: [OutputSpan]) -> String? {
    let categories = rowSpans.filter(\.isCategory)
    guard spans.count == categories.count, !spans.isEmpty else {
      return
        "'conditions.spans' has \(spans.count) spans, the encoder \(categories.count) categories"
    }
    var offset = 0
    for (index, (span, category)) in zip(spans, categories).enumerated() {
      let name = "'conditions.spans[\(index)]"
      guard span.rowOffset == category.offset else {
        return "\(name).rowOffset' must be \(category.offset), not \(span.rowOffset)"
      }
      guard span.conditionOffset == offset else {
        return "\(name).conditionOffset' must be \(offset), not \(span.conditionOffset)"
      }
      guard span.cumulative.count == category.width else {
        return
          "\(name).cumulative' must have \(category.width) categories, not \(span.cumulative.count)"
      }
      // Cumulative shares: the last one may differ from 1 by rounding.
      guard let last = span.cumulative.last, abs(last - 1) < 1e-6,
        span.cumulative[0] >= 0,
        zip(span.cumulative, span.cumulative.dropFirst()).allSatisfy({ $0 <= $1 })
      else { return "\(name).cumulative' must ascend from 0 to 1" }
      offset += category.width
    }
    return width == offset ? nil : "'conditions.width' must be \(offset), not \(width)"
  }
}
