import ArgumentParser

/// Measures the cases between the limits of the machine.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Measure the kernels between the limits of this machine (default).",
    discussion: """
      Without options: the shapes that tell most, in under 3 minutes. `--full` measures every shape \
      in about 17 minutes, `--all` prints every line, `--json FILE` keeps everything.
      """)

  @OptionGroup var options: CaseOptions

  @OptionGroup var destination: ResultDestination

  @Flag(help: "Print a line for every instruction set and number of threads.")
  var all = false

  @Option(help: "Seconds to measure for; default: 90, with --full 900.")
  var seconds: Double?

  func validate() throws {
    if let seconds, !(seconds > 0) {
      throw ValidationError("--seconds must be above 0, not \(seconds)")
    }
  }

  func run() throws {
    let output = try destination.path()
    let run = BenchRun(
      cases: try options.cases(),
      instructionSets: try options.instructionSets(),
      threads: try options.threadCounts(),
      sampler: InterleavedSampler(budgetSeconds: seconds ?? (options.full ? 900 : 90)),
      filter: options.filter, full: options.full)
    let progress = ProgressLine()
    let result = try run.execute(progress: progress.show)
    progress.clear()

    let summary = ResultSummary(result)
    print(summary.machine)
    print("\n" + summary.limits)
    print("\n" + (all ? summary.everyLine : summary.table))
    if let circumstances = summary.circumstanceTable { print("\n" + circumstances.rendered()) }
    print("\n" + summary.legend(all: all))
    print(summary.hints(all: all))
    if let output {
      try ResultFile.append(result, to: output)
      print("appended to \(output)")
    }
    let wrong = result.operations.filter { !$0.isCorrect }
    if !wrong.isEmpty {
      print("\(wrong.count) results are outside their error bounds; see `bench verify`")
      throw ExitCode.failure
    }
  }
}
