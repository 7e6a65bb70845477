import ArgumentParser
import CKernels
import Foundation

/// Times other libraries in turn with ours.
struct PeersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peers",
    abstract: "Time other libraries' dense layers in turn with ours.",
    discussion: """
      Libraries are opened at run time: those that Benchmarks/peers/fetch-kernel-peers.sh fetched, \
      those of the system, and those named by --library. Every side does the same work: a layer \
      with bias and leaky ReLU, its gradient by the input (with the derivative of the layer before), \
      and its gradient by weights and bias. A BLAS does its product and one more pass, on its own \
      threads. A result that differs from ours is an error.

      ratio: the time of the fastest peer over ours, so that a loss is below 1. The first is of our \
      entry with weights packed before, against all peers (MKL, oneDNN and libxsmm have such an \
      entry too); the second of our row-major entry, packing included, against row-major peers.

      Without options about 3 minutes; with --full, 28 shapes, about 15 minutes.
      """)

  @Option(help: "Only operations and shapes that contain this text, as \"forward 500x\".")
  var filter: String?

  @Flag(help: "Every shape: 64, 500, 2048 and 8192 rows of seven layers.")
  var full = false

  @Option(help: "Only this number of threads; default: one, and all processors.")
  var threads: Int?

  @Option(help: "Seconds to measure for; default: 150, with --full 840.")
  var seconds: Double?

  @Option(help: "Where the fetched libraries are.")
  var folder = "Benchmarks/.peers"

  @Option(
    name: .customLong("library"),
    help:
      "NAME=PATH (of MKL its core): a library to use for \(PeerCatalog.names.joined(separator: ", "))."
  )
  var paths: [String] = []

  @OptionGroup var destination: ResultDestination

  func validate() throws {
    if let threads, threads < 1 {
      throw ValidationError("--threads must be at least 1, not \(threads)")
    }
    if let seconds, !(seconds > 0) {
      throw ValidationError("--seconds must be above 0, not \(seconds)")
    }
    _ = try namedPaths()
  }

  func run() throws {
    let start = Date()
    let load = Machine.loadAverage()
    let output = try destination.path()
    let (shapes, operations) = try chosenWork()
    let ignored = PeerCatalog.clearEnvironment()
    Self.shortenSpinning()
    let team = try PeerThreads()
    let entries = PeerCatalog.open(folder: folder, paths: try namedPaths(), threads: team)
    let libraries = entries.compactMap { try? $0.library.get() }
    for entry in entries {
      if case .failure(let failure) = entry.library { print("without \(failure)") }
    }
    guard !libraries.isEmpty else {
      throw ValidationError(
        "no other library was found; Benchmarks/peers/fetch-kernel-peers.sh fetches some")
    }
    let run = PeerRun(
      shapes: shapes, operations: operations,
      threads: try CaseOptions.threadCounts(only: threads, full: full), libraries: libraries,
      team: team, seconds: seconds ?? (full ? 840 : 150))
    let progress = ProgressLine()
    let outcome = try run.execute(progress: progress.show)
    progress.clear()

    let report = PeerReport(
      runtime: team.runtime,
      libraries: libraries.map { .init(name: $0.name, version: $0.version, kernels: $0.kernels()) },
      lines: outcome.lines, disturbedSamples: outcome.disturbedSamples)
    let result = try result(outcome, report, start: start, load: load)
    show(report, outcome, result, ignored: ignored)
    if let output {
      try ResultFile.append(result, to: output)
      print("appended to \(output)")
    }
  }

  /// The threads of LLVM's runtime spin for 200 ms after a region unless told otherwise: a tenth of
  /// that is still longer than any pause within a sample, and leaves less to wait for between two.
  private static func shortenSpinning() { setenv("KMP_BLOCKTIME", "20", 0) }

  private func chosenWork() throws -> ([DenseShape], [DenseProblem.Operation]) {
    let words = (filter ?? "").split(separator: " ").map(String.init)
    let operations = DenseProblem.Operation.allCases
    let named = words.filter { word in operations.contains { $0.rawValue.contains(word) } }
    let others = words.filter { !named.contains($0) }
    let all = full ? DenseShape.grid : DenseShape.all.filter { !$0.onlyInFull }
    let shapes = all.filter { shape in others.allSatisfy { shape.label.contains($0) } }
    guard !shapes.isEmpty else {
      throw ValidationError("no shape matches \"\(filter ?? "")\"; perhaps with --full")
    }
    return (
      shapes, operations.filter { one in named.allSatisfy { one.rawValue.contains($0) } }
    )
  }

  private func namedPaths() throws -> [String: String] {
    var result: [String: String] = [:]
    for text in paths {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, PeerCatalog.names.contains(parts[0]) else {
        throw ValidationError(
          "--library takes NAME=PATH, NAME one of \(PeerCatalog.names.joined(separator: ", "))")
      }
      result[parts[0]] = parts[1]
    }
    return result
  }

  private func result(
    _ outcome: PeerRun.Outcome, _ report: PeerReport, start: Date, load: Double?
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
      limits: outcome.limits, latencies: [], operations: [], peers: report)
  }

  private func show(
    _ report: PeerReport, _ outcome: PeerRun.Outcome, _ result: BenchResult, ignored: [String]
  ) {
    let summary = PeerSummary(report, limits: outcome.limits)
    print(ResultSummary(result).machine)
    print("\n" + summary.libraries)
    print("threads of all sides: \(report.runtime)")
    if !ignored.isEmpty {
      print("not passed on to the peers: \(ignored.joined(separator: ", "))")
    }
    print("\n" + ResultSummary(result).limits)
    print("\n" + summary.table)
    print("\n" + summary.means.joined(separator: "\n"))
    let elapsed = Format.fixed(result.settings.elapsedSeconds, digits: 0)
    print(
      "\nMedians of at least \(outcome.rounds) samples of each side, in turn, in \(elapsed) s. "
        + "spread: the larger of ours and the best peer's.")
    if report.disturbedSamples > 0 {
      print("\(report.disturbedSamples) samples began beside threads that would not rest.")
    }
    print(
      full
        ? "Every peer's times: --json FILE, then `bench render FILE`."
        : "Every shape: --full. Every peer's times: --json FILE, then `bench render FILE`.")
  }
}
