// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Measures the kernels on this machine against the machine's own limits.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures the kernels on this machine against the machine's own limits.",
    discussion: """
      Every figure stands beside the limit that was measured in the same run (FMA peak, copy \
      bandwidth) and beside the error against the reference implementation.

      On a shared machine read ratios and medians: samples are taken in turn over all cases, so \
      that a busy neighbor slows all of them alike.
      """,
    subcommands: [
      RunCommand.self, CompareCommand.self, PeersCommand.self, TrainCommand.self,
      RenderCommand.self,
      InfoCommand.self, ListCommand.self, VerifyCommand.self, UlpCommand.self,
      Float16Command.self,
    ],
    defaultSubcommand: RunCommand.self)
}
