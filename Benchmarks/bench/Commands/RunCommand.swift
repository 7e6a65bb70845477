// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Measures the cases between the limits of the machine.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Measure the kernels between the limits of this machine (default).",
    discussion: """
      Without options: the most informative shapes on one thread and on all processors, 90 seconds \
      of samples, in under 3 minutes. `--full` measures every shape for 900 seconds, in about 17 \
      minutes, `--all` prints every line, `--json FILE` keeps everything.
      """)

  @OptionGroup var options: CaseOptions

  @OptionGroup var duration: DurationOption

  @OptionGroup var destination: ResultDestination

  @Flag(help: "Print a line for every instruction set and number of threads.")
  var all = false

  func run() throws {
    let start = RunStart()
    let output = try destination.path()
    let sampler = InterleavedSampler(
      budgetSeconds: duration.seconds ?? (options.full ? 900 : 90))
    let run = CaseRun(
      cases: try options.cases(), instructionSets: try options.instructionSets(),
      threads: try options.threadCounts(), sampler: sampler, filter: options.filter)
    let outcome = try ProgressLine.showing { try run.execute(progress: $0) }

    var result = try start.result(
      instructionSets: run.instructionSets, rounds: outcome.rounds,
      sampleSeconds: sampler.sampleSeconds, filter: options.filter, full: options.full,
      limits: outcome.limits)
    result.latencies = outcome.latencies
    result.operations = outcome.operations
    result.stressCases = outcome.stressCases
    print(ResultSummary(result).text(all: all))
    try ResultDestination.keep(result, in: output)
    let wrong = result.operations.filter { !$0.isCorrect }
    if !wrong.isEmpty {
      print("\(wrong.count) results are outside their error bounds; see `bench verify`")
      throw ExitCode.failure
    }
  }
}
