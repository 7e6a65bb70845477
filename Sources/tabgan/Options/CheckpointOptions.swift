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
      "Keep a checkpoint every so many minutes; Ctrl-C and a request to end keep one in any case.",
      valueName: "M"))
  var checkpointMinutes = 5.0

  private static let mostMinutes = 525_600.0

  func validate() throws {
    if !(checkpointMinutes > 0 && checkpointMinutes <= Self.mostMinutes) {
      throw ValidationError(
        "--checkpoint-minutes must be more than 0 and at most 525600 (a year), not "
          + "\(checkpointMinutes)")
    }
  }
}
