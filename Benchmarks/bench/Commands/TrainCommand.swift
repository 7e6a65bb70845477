import ArgumentParser
import CKernels
import Foundation

/// Times the training step, alone or in turn with other frameworks'.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Time a GAN's training step, with --peers in turn with PyTorch and JAX.",
    discussion: """
      A step is one step of the discriminator and one of the generator, with Adam, on a batch in \
      memory: cross-entropy (bce) on single rows or WGAN-GP on packs of ten. Every side works on the \
      same batch from the same weights, on the same number of threads, and its first losses must be \
      ours before it is timed.

      of peak: the dense products of a step, each counted once and alike for every side, over the \
      fp32 multiply-adds that the machine did at best in the same run. ratio: the fastest peer's \
      time over ours, so that a loss is below 1.

      Without options under 3 minutes; with --full and peers, 20 cells, 5 to 8 minutes.
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

  @Option(help: "The number of threads of each side; default: all processors.")
  var threads: Int?

  @Option(help: "Seconds to sample for; default: 8 a cell with peers, 2 without.")
  var seconds: Double?

  @Option(help: "The Python that has the frameworks.")
  var python = "Benchmarks/.peers/training/bin/python"

  @OptionGroup var destination: ResultDestination

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads must be at least 1, not \(threads)")
    }
    if let seconds, !(seconds > 0) {
      throw ValidationError("--seconds must be above 0, not \(seconds)")
    }
    for name in names where !StepPeer.frameworks.contains(name) {
      throw ValidationError(
        "--peer is one of \(StepPeer.frameworks.joined(separator: ", ")), not \"\(name)\"")
    }
  }

  func run() throws {
    let start = Date()
    let load = Machine.loadAverage()
    let output = try destination.path()
    let cells = TrainingCell.all.filter { cell in
      (full || filter != nil || !cell.onlyInFull) && filter.map(cell.label.contains) ?? true
    }
    guard !cells.isEmpty else {
      throw ValidationError("no cell matches \"\(filter ?? "")\"")
    }
    // As `bench peers`: longer than any pause within a sample, and little to wait for after it.
    setenv("KMP_BLOCKTIME", "20", 0)
    let count = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let found = try openPeers(threads: count)
    let run = TrainingRun(
      cells: cells, threads: count, peers: found,
      seconds: seconds ?? Double(cells.count) * (found.isEmpty ? 2 : 8))
    let progress = ProgressLine()
    let outcome = try run.execute(progress: progress.show)
    progress.clear()

    let result = try result(outcome, start: start, load: load)
    show(outcome, result)
    if let output {
      try ResultFile.append(result, to: output)
      print("appended to \(output)")
    }
  }

  /// The frameworks that can be had; the others are named.
  private func openPeers(threads: Int) throws -> [StepPeer] {
    guard peers || !names.isEmpty else { return [] }
    // A peer that ends is an error to be told, not a signal.
    signal(SIGPIPE, SIG_IGN)
    var found: [StepPeer] = []
    for name in StepPeer.frameworks where names.isEmpty || names.contains(name) {
      do {
        found.append(
          try StepPeer(
            name, python: python, script: "Benchmarks/peers/peer_step.py", threads: threads))
      } catch {
        print("without \(error)")
      }
    }
    guard !found.isEmpty else {
      throw ValidationError(
        "no framework was found; Benchmarks/peers/fetch-training-peers.sh fetches them")
    }
    return found
  }

  private func result(
    _ outcome: TrainingRun.Outcome, start: Date, load: Double?
  ) throws -> BenchResult {
    let sets = KernelContext.availableInstructionSets
    let information = try KernelContext(instructionSet: sets[sets.count - 1], threads: 0)
      .information
    return BenchResult(
      date: start, machine: Machine.current(),
      build: .init(
        openMP: information.openmp, team: Int(information.team), instructionSets: sets.map(\.name)),
      settings: .init(
        rounds: outcome.rounds, sampleSeconds: outcome.sampleSeconds,
        elapsedSeconds: Date().timeIntervalSince(start), filter: filter, full: full,
        loadAverageAtStart: load, loadAverageAtEnd: Machine.loadAverage()),
      limits: outcome.limits, latencies: [], operations: [], peers: nil, training: outcome.report)
  }

  private func show(_ outcome: TrainingRun.Outcome, _ result: BenchResult) {
    let summary = TrainingSummary(outcome.report, limits: outcome.limits)
    print(ResultSummary(result).machine)
    print("\n" + ResultSummary(result).limits)
    if !outcome.report.frameworks.isEmpty { print("\npeers: \(summary.frameworks)") }
    print("\n" + summary.table.rendered())
    if let mean = summary.mean { print("\n" + mean) }
    let elapsed = Format.fixed(result.settings.elapsedSeconds, digits: 0)
    print(
      "\nMilliseconds of a step: medians of at least \(outcome.rounds) samples of each side, in "
        + "turn, in \(elapsed) s. spread: the largest of all sides.")
    if outcome.report.disturbedSamples > 0 {
      print("\(outcome.report.disturbedSamples) samples began beside threads that would not rest.")
    }
    if !full { print("Every cell: --full.") }
    if !peers && names.isEmpty { print("Beside PyTorch and JAX: --peers.") }
  }
}
