// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Charts
import Foundation

/// Says what became slower or faster between two runs.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare two runs line by line; fail if something became slower.",
    discussion: """
      With two files: the last run of each. With one: its last two runs that measured the same \
      (kernels, peers, or training steps). A line is slower or faster only beyond its cutoff, which \
      comes from the spreads of both medians and from what the machine's own limit moved between \
      the runs. Runs of machines with different processors, features or caches are refused.

      Exits with 1 if a line became slower, with 2 if there is nothing to compare.
      """)

  @Argument(help: "A result file, or two; `auto` and folders as in `bench run --json`.")
  var files: [String]

  @Option(help: "No cutoff below this ratio, as 1.05.")
  var atLeast = 1.0

  @Flag(help: "Compare runs of different machines too.")
  var acrossMachines = false

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
    if let mismatch = MachineMismatch(before: before.machine, after: after.machine) {
      guard acrossMachines else {
        throw Self.nothing("\(mismatch)\n--across-machines compares them nevertheless")
      }
      FileHandle.standardError.write(Data("\(mismatch)\n".utf8))
    }
    let comparison = RunComparison(before: before, after: after, smallestCutoff: atLeast)
    guard !comparison.lines.isEmpty else {
      throw Self.nothing("the runs have no line in common")
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

  /// The runs to compare.
  private func chosenRuns() throws -> (BenchResult, BenchResult) {
    let runs: [[BenchResult]]
    do {
      runs = try files.map { try ResultFile.read(ResultLocation.path($0)).runs }
    } catch {
      throw Self.nothing("\(error)")
    }
    if runs.count == 2, let before = runs[0].last, let after = runs[1].last {
      return (before, after)
    }
    if runs.count == 1, let after = runs[0].last,
      let before = runs[0].dropLast().last(where: { $0.kind == after.kind })
    {
      return (before, after)
    }
    throw Self.nothing("\(files.joined(separator: ", ")): not two runs to compare")
  }

  /// Says why there is nothing to compare; the exit code says that too.
  private static func nothing(_ text: String) -> ExitCode {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
    return ExitCode(2)
  }

  private func show(_ comparison: RunComparison, _ before: BenchResult, _ after: BenchResult) {
    print(comparison.headline)
    for (name, run) in [("before", before), ("after", after)] {
      let load = run.settings.loadAverageAtStart.map { ", load \($0)" } ?? ""
      print(
        "\(name)  \(run.date.formatted(.iso8601))  \(run.machine.key), "
          + "\(run.settings.rounds) samples\(load)")
    }
    let shown = all ? comparison.lines : comparison.slower + comparison.faster
    if !shown.isEmpty {
      var table = TextTable([
        .left("operation"), .left("shape"), .left("variant"), .right("threads"),
        .right("before ms"), .right("after ms"), .right("ratio"), .right("cutoff"),
        .left(""),
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
  }
}
