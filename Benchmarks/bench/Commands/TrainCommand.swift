// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Times the training step, alone or in turn with other frameworks'.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Time a GAN's training step, with --peers in turn with PyTorch and JAX.",
    discussion: """
      A step is one step of the discriminator and one of the generator, with Adam, on a batch in \
      memory: cross-entropy (bce) on single rows or WGAN-GP on packs of ten. Every side works on the \
      same batch from the same weights, on the same number of threads (all processors unless \
      --threads says otherwise), and its first losses must be ours before it is timed.

      of peak: the dense products of a step, each counted once and alike for every side, over the \
      fp32 multiply-adds that the machine did at best in the same run. ratio: the fastest peer's \
      time over ours, so that a loss is below 1.

      Samples take 8 seconds a cell with peers, 2 without. Without options under 3 minutes; with \
      --full and peers, 20 cells, 5 to 8 minutes.
      """)

  @Option(help: "Only cells that contain this text, as \"bce 256\" or \"x 500\".")
  var filter: String?

  @Flag(help: "Every cell.")
  var full = false

  @Flag(help: "In turn with the frameworks that fetch-training-peers.sh fetched.")
  var peers = false

  @Option(
    name: .customLong("peer"),
    help: "Only this framework (\(StepPeer.frameworks.joined(separator: ", "))); repeatable.")
  var names: [String] = []

  @OptionGroup var threads: ThreadOption

  @OptionGroup var duration: DurationOption

  @Option(help: "The Python that has the frameworks.")
  var python = "Benchmarks/.peers/training/bin/python"

  @OptionGroup var destination: ResultDestination

  func validate() throws {
    for name in names where !StepPeer.frameworks.contains(name) {
      throw ValidationError(
        "--peer is one of \(StepPeer.frameworks.joined(separator: ", ")), not \"\(name)\"")
    }
  }

  func run() throws {
    let start = RunStart()
    let output = try destination.path()
    let cells = try chosenCells()
    IdleWait.shortenSpinning()
    let count = threads.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let (found, missing) = try openPeers(threads: count)
    let run = StepRun(
      cells: cells, threads: count, peers: found,
      seconds: duration.seconds ?? Double(cells.count) * (found.isEmpty ? 2 : 8))
    let outcome = try ProgressLine.showing { try run.execute(progress: $0) }

    var result = try start.result(outcome, filter: filter, full: full)
    result.training = outcome.report
    let summary = StepSummary(outcome.report, limits: outcome.limits)
    print(
      summary.text(
        of: result, notes: missing,
        hints: (full ? [] : ["Every cell: --full."])
          + (found.isEmpty ? ["Beside PyTorch and JAX: --peers."] : [])))
    try ResultDestination.keep(result, in: output)
  }

  private func chosenCells() throws -> [StepCell] {
    let cells = StepCell.all.filter { cell in
      (full || filter != nil || !cell.onlyInFull) && filter.map(cell.label.contains) ?? true
    }
    guard !cells.isEmpty else {
      throw ValidationError("no cell matches \"\(filter ?? "")\"")
    }
    return cells
  }

  /// The frameworks that can be started, and why the others cannot.
  private func openPeers(threads: Int) throws -> (found: [StepPeer], missing: [String]) {
    guard peers || !names.isEmpty else { return ([], []) }
    // A peer that ends is an error to report, not a signal.
    signal(SIGPIPE, SIG_IGN)
    var found: [StepPeer] = []
    var missing: [String] = []
    for name in StepPeer.frameworks where names.isEmpty || names.contains(name) {
      do {
        found.append(
          try StepPeer(
            name, python: python, script: "Benchmarks/peers/peer_step.py", threads: threads))
      } catch {
        missing.append("without \(error)")
      }
    }
    guard !found.isEmpty else {
      throw ValidationError(
        "no framework was found; Benchmarks/peers/fetch-training-peers.sh fetches them\n"
          + missing.joined(separator: "\n"))
    }
    return (found, missing)
  }
}
