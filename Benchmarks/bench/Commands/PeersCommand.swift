// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

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

      On one thread and on all processors. Without options 150 seconds of samples, in about 3 \
      minutes; with --full, 28 shapes, 840 seconds, in about 15 minutes.
      """)

  @Option(help: "Only operations and shapes that contain this text, as \"forward 500x\".")
  var filter: String?

  @Flag(help: "Every shape: 64, 500, 2048 and 8192 rows of seven layers.")
  var full = false

  @OptionGroup var threads: ThreadOption

  @OptionGroup var duration: DurationOption

  @Option(help: "Where the fetched libraries are.")
  var folder = "Benchmarks/.peers"

  @Option(
    name: .customLong("library"),
    help:
      "NAME=PATH (of MKL its core): a library to use for \(PeerCatalog.names.joined(separator: ", "))."
  )
  var paths: [String] = []

  @OptionGroup var destination: ResultDestination

  func validate() throws { _ = try namedPaths() }

  func run() throws {
    let start = RunStart()
    let output = try destination.path()
    let (shapes, operations) = try chosenWork()
    let ignored = PeerCatalog.clearEnvironment()
    IdleWait.shortenSpinning()
    let team = try PeerThreads()
    // Before a parallel region: some libraries change what the runtime reads when it starts.
    let (libraries, missing) = try openLibraries(team)
    let run = PeerRun(
      shapes: shapes, operations: operations, threads: try threads.counts(full: full),
      libraries: libraries, team: team,
      seconds: duration.seconds ?? (full ? 840 : 150))
    let outcome = try ProgressLine.showing { try run.execute(progress: $0) }

    var result = try start.result(outcome, filter: filter, full: full)
    result.peers = outcome.report
    var notes = missing + ["threads of all sides: \(team.runtime)"]
    if !ignored.isEmpty {
      notes.append("not passed on to the peers: \(ignored.joined(separator: ", "))")
    }
    let every = "Every peer's times: --json FILE, then `bench render FILE`."
    print(
      PeerSummary(outcome.report, limits: outcome.limits)
        .text(of: result, notes: notes, hints: [full ? every : "Every shape: --full. " + every]))
    try ResultDestination.keep(result, in: output)
  }

  /// The libraries that can be opened, and why the others cannot.
  private func openLibraries(
    _ team: PeerThreads
  ) throws -> (found: [PeerLibrary], missing: [String]) {
    var found: [PeerLibrary] = []
    var missing: [String] = []
    for entry in PeerCatalog.open(folder: folder, paths: try namedPaths(), threads: team) {
      switch entry.library {
      case .success(let library): found.append(library)
      case .failure(let failure): missing.append("without \(failure)")
      }
    }
    guard !found.isEmpty else {
      throw ValidationError(
        "no other library was found; Benchmarks/peers/fetch-kernel-peers.sh fetches some\n"
          + missing.joined(separator: "\n"))
    }
    return (found, missing)
  }

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
}
