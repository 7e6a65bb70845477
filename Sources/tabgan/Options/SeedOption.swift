// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `--seed`.
struct SeedOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Seed of all random numbers (non-negative).", valueName: "S"))
  var seed: UInt64 = 1
}
