import ArgumentParser
import Foundation

/// Measures the cases between the limits of the machine.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Measure the kernels between the limits of this machine (default).",
    discussion: """
      Without options: the shapes that tell most, in under 3 minutes. `--full` measures every shape, \
      `--all` prints every line, `--json FILE` keeps everything.
      """)

  @OptionGroup var options: CaseOptions

  @Option(help: "Also write the result to this file; `auto`: Benchmarks/results/PROCESSOR.json.")
  var json: String?

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
    let output = try resultPath()
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
    print("\n" + summary.legend(all: all))
    if let output {
      try result.write(to: output)
      print("written to \(output)")
    }
    let wrong = result.operations.filter { !$0.isCorrect }
    if !wrong.isEmpty {
      print("\(wrong.count) results are outside their error bounds; see `bench verify`")
      throw ExitCode.failure
    }
  }

  /// Where the result goes; an error before minutes are spent if nothing can be written there.
  private func resultPath() throws -> String? {
    guard let json else { return nil }
    let path =
      json == "auto" ? "Benchmarks/results/\(Machine.current().fileStem).json" : json
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let manager = FileManager.default
    try? manager.createDirectory(at: folder, withIntermediateDirectories: true)
    guard manager.isWritableFile(atPath: folder.path) else {
      throw ValidationError("cannot write to the folder of \(path); choose another --json FILE")
    }
    return path
  }
}

/// One line on the terminal that is written over; silent where standard error is no terminal.
final class ProgressLine {
  private let isTerminal = isatty(STDERR_FILENO) != 0
  private var isShown = false

  func show(_ text: String) {
    guard isTerminal else { return }
    write("\r\u{1B}[2K" + text)
    isShown = true
  }

  func clear() {
    if isShown { write("\r\u{1B}[2K") }
    isShown = false
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
