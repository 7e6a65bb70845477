// SPDX-License-Identifier: Apache-2.0

/// The table of metrics in docs/reference/metrics.md.
package enum MetricTable {
  /// The table in Markdown: a line for each metric, in the order of a report.
  package static var markdown: String {
    let header =
      "| metric | JSON key | best | range | content | in SDMetrics |\n|---|---|---|---|---|---|\n"
    return header
      + Metrics.all.map { metric in
        "| \(metric.name) | `\(metric.key)` | \(metric.goal?.text ?? "") | \(metric.range) | "
          + "\(metric.content) | \(metric.equivalent ?? "") |\n"
      }.joined()
  }

  /// The keys of all metrics.
  package static var keys: [String] { Metrics.all.map { $0.key } }
}
