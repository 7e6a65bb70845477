// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `--json`, where the output is for programs.
struct JSONFlag: ParsableArguments {
  @Flag(help: "Print the summary as JSON.")
  var json = false
}
