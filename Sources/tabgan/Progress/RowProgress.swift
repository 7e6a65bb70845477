// SPDX-License-Identifier: Apache-2.0

import Tabular

/// Progress of a command that writes rows.
struct RowProgress {
  private let display: ProgressDisplay
  private let total: Int
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var pace = Pace()

  init(_ display: ProgressDisplay, total: Int) {
    self.display = display
    self.total = total
    start = clock.now
    pace.note(0, at: 0)
  }

  /// Since the start.
  var seconds: Double { (clock.now - start) / .seconds(1) }

  /// Notes that `count` rows are done in all. `detail` is said of them beside.
  mutating func update(_ count: Int, detail: String? = nil) {
    pace.note(count, at: seconds)
    display.show(isLast: count >= total) {
      var parts = [
        "\(NumberText.grouped(count)) of \(NumberText.grouped(total)) rows",
        "\(count * 100 / max(total, 1)) %",
      ]
      if let detail { parts.append(detail) }
      if let rate = pace.perSecond, rate > 0 {
        parts.append("\(NumberText.grouped(Int(rate))) rows/s")
        parts.append("\(NumberText.duration(Double(total - count) / rate)) left")
      }
      return parts.joined(separator: " | ")
    }
  }
}
