// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `--progress`.
struct ProgressOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      auto: a line in place on a terminal, nothing elsewhere; plain: a line every 10 s; none. \
      Goes to standard error.
      """, valueName: "HOW"))
  var progress = ProgressStyle.auto

  var display: ProgressDisplay { ProgressDisplay(progress) }
}
