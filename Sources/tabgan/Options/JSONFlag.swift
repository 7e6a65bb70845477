import ArgumentParser

/// `--json`, where the output is for programs.
struct JSONFlag: ParsableArguments {
  @Flag(help: "Print the summary as JSON.")
  var json = false
}
