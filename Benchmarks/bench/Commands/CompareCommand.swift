import ArgumentParser
import Foundation

/// Says what became slower or faster between two runs.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two runs line by line; fail if something became slower.",
    discussion: """
      With two files: the last run of each. With one: its last two runs that measured the same \
      (kernels, peers, or training steps). A line is slower or faster only beyond its cutoff, which comes from the \
      spreads of both medians and from what the machine's own limit moved between the runs.

      Exits with 1 if a line became slower, with 2 if there is nothing to compare.
      """)

  @Argument(help: "A result file, or two.")
  var files: [String]

  @Option(help: "No cutoff below this ratio, as 1.05.")
  var atLeast = 1.0

  @Flag(help: "Print every line, not only those beyond their cutoff.")
  var all = false

  @Flag(help: "Print the comparison as JSON instead.")
  var json = false

  func validate() throws {
    guard (1...2).contains(files.count) else {
      throw ValidationError("compare takes one file or two, not \(files.count)")
    }
    guard atLeast >= 1 else { throw ValidationError("--at-least must be 1 or more") }
  }

  func run() throws {
    let (before, after) = try chosenRuns()
    let comparison = RunComparison(before: before, after: after, smallestCutoff: atLeast)
    guard !comparison.lines.isEmpty else {
      FileHandle.standardError.write(Data("the runs have no line in common\n".utf8))
      throw ExitCode(2)
    }
    if json {
      let encoder = JSONEncoder.benchResults
      encoder.outputFormatting.insert(.prettyPrinted)
      print(String(decoding: try encoder.encode(comparison), as: UTF8.self))
    } else {
      show(comparison, before, after)
    }
    if !comparison.slower.isEmpty { throw ExitCode.failure }
  }

  /// The runs to compare; the exit code tells that there are none.
  private func chosenRuns() throws -> (BenchResult, BenchResult) {
    let runs: [[BenchResult]]
    do {
      runs = try files.map { try ResultFile.read($0).runs }
    } catch let failure as ResultFileFailure {
      FileHandle.standardError.write(Data("\(failure)\n".utf8))
      throw ExitCode(2)
    }
    if runs.count == 2, let before = runs[0].last, let after = runs[1].last {
      return (before, after)
    }
    if runs.count == 1, let after = runs[0].last,
      let before = runs[0].dropLast().last(where: { $0.kind == after.kind })
    {
      return (before, after)
    }
    let text = "\(files.joined(separator: ", ")): not two runs to compare\n"
    FileHandle.standardError.write(Data(text.utf8))
    throw ExitCode(2)
  }

  private func show(_ comparison: RunComparison, _ before: BenchResult, _ after: BenchResult) {
    for (name, run) in [("before", before), ("after", after)] {
      let load = run.settings.loadAverageAtStart.map { ", load \($0)" } ?? ""
      print(
        "\(name)  \(run.date.formatted(.iso8601))  \(run.machine.processor), "
          + "\(run.settings.rounds) samples\(load)")
    }
    let differences = after.machine.differences(from: before.machine)
    if !differences.isEmpty {
      print("These are different machines: ratios reflect the machines as much as the kernels.")
      for difference in differences { print("  " + difference) }
    }
    let shown = all ? comparison.lines : comparison.slower + comparison.faster
    if !shown.isEmpty {
      var table = TextTable([
        ("operation", .left), ("shape", .left), ("variant", .left), ("threads", .right),
        ("before ms", .right), ("after ms", .right), ("ratio", .right), ("cutoff", .right),
        ("", .left),
      ])
      for line in shown {
        table.append([
          line.operation, line.shape, line.variant, "\(line.threads)",
          Format.milliseconds(line.beforeSeconds), Format.milliseconds(line.afterSeconds),
          Format.fixed(line.ratio, digits: 3), Format.fixed(line.cutoff, digits: 3),
          line.verdict == .same ? "" : line.verdict.rawValue.uppercased(),
        ])
      }
      print("\n" + table.rendered())
    }
    let mean = comparison.meanRatio.map { Format.fixed($0, digits: 3) } ?? "none"
    print(
      "\n\(comparison.lines.count) lines: \(comparison.slower.count) slower, "
        + "\(comparison.faster.count) faster, the others within their noise; "
        + "\(comparison.unmatched) without a counterpart. Geometric mean of after over before: "
        + mean + ".")
  }
}
