// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `--monitoring-rows`.
struct MonitoringOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Rows to hold out from training, to detect at its end whether it has begun to copy rows; 0: \
      none. By default 5 % of the rows, or the rows outside --rows if they are more; at most 2,000, \
      and none if that would be fewer than 50.
      """, valueName: "N"))
  var monitoringRows: Int?

  func validate() throws {
    if let monitoringRows, monitoringRows < 0 {
      throw ValidationError("--monitoring-rows must be at least 0, not \(monitoringRows)")
    }
  }
}
