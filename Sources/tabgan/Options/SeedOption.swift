import ArgumentParser

/// `--seed`.
struct SeedOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of all random numbers (0 or more).", valueName: "S"))
  var seed: UInt64 = 1
}
