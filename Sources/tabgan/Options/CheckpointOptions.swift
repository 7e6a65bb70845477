// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `--resume` and `--checkpoint-minutes`: how to survive an interruption.
struct CheckpointOptions: ParsableArguments {
  @Flag(
    help: """
      Continue from the checkpoint in the model folder, given the same command; start over if there \
      is none.
      """)
  var resume = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Save a checkpoint at this interval, in minutes; SIGINT and SIGTERM always save one.",
      valueName: "M"))
  var checkpointMinutes = 5.0

  private static let maxMinutes = 525_600.0

  func validate() throws {
    if !(checkpointMinutes > 0 && checkpointMinutes <= Self.maxMinutes) {
      throw ValidationError(
        "--checkpoint-minutes must be more than 0 and at most 525600 (a year), not "
          + "\(checkpointMinutes)")
    }
  }
}
