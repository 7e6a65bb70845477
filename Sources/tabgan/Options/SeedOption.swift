import ArgumentParser

/// `--seed`.
struct SeedOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Everything random follows from it (0 or more).", valueName: "S"))
  var seed: UInt64 = 1
}
