// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

@main struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Feeds damaged and generated inputs to everything that reads external data.",
    discussion: """
      Targets: \(fuzzTargets.map { "\($0.name) (\($0.abstract))" }.joined(separator: ", ")).

      An input depends only on its target, --seed and its number. One that crashes, takes more than 10 s \
      or more than 1 GB, or ends with an error that is not a library's, is saved in --failures; move \
      it to Tests/Fixtures/fuzz/TARGET/ once it is fixed, and every later run begins with it.
      """)

  @Argument(help: "The targets to run; all by default.")
  var targets: [String] = []

  @Option(help: "Number of inputs per target.")
  var inputs = 1000

  @Option(help: "The number of the first input.")
  var first = 0

  @Option(help: "The seed of all inputs.")
  var seed: UInt64 = 1

  @Option(help: "End each target after this many seconds.")
  var seconds = Double.infinity

  @Option(help: "The folder for inputs that fail.")
  var failures = "results/fuzz"

  @Option(help: "The folder of inputs that failed once.")
  var corpus = "Tests/Fixtures/fuzz"

  @Option(
    help: ArgumentHelp("Run as a worker; write the progress to this file.", visibility: .private))
  var work: String?

  @Option(help: "Write the first input to a file and end.")
  var keep: String?

  @Flag(help: "Only read the corpus, in this process.")
  var replay = false

  func validate() throws {
    for name in targets where !fuzzTargets.contains(where: { $0.name == name }) {
      throw ValidationError("there is no target '\(name)'")
    }
  }

  private var chosen: [any FuzzTarget.Type] {
    targets.isEmpty ? fuzzTargets : fuzzTargets.filter { targets.contains($0.name) }
  }

  func run() throws {
    if work != nil || keep != nil || replay {
      try workHere()
    } else {
      try supervise()
    }
  }

  /// Runs in this process, so that a crash is visible.
  private func workHere() throws {
    for type in chosen {
      let bench = try FuzzBench()
      defer { bench.remove() }
      let worker = FuzzWorker(target: try type.init(bench), name: type.name, seed: seed)
      if let work {
        try worker.run(first..<first + inputs, FuzzProgress(work))
      } else if let keep {
        try Data(worker.input(first)).write(to: URL(fileURLWithPath: keep))
      } else {
        try replay(type.name, worker)
      }
    }
  }

  private func replay(_ name: String, _ worker: FuzzWorker) throws {
    let folder = "\(corpus)/\(name)"
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    for file in names {
      let bytes = [UInt8](FileManager.default.contents(atPath: "\(folder)/\(file)") ?? Data())
      switch worker.outcome(of: bytes) {
      case .accepted: print("\(name)/\(file): read")
      case .refused(let text): print("\(name)/\(file): refused: \(text.prefix(200))")
      case .untyped(let text):
        print("\(name)/\(file): \(text.prefix(300))")
        throw ExitCode(1)
      }
    }
  }

  private func supervise() throws {
    var failed = false
    for type in chosen {
      let supervisor = FuzzSupervisor(
        target: type.name, seed: seed, failures: failures,
        deadline: Date(timeIntervalSinceNow: min(seconds, 1e9)))
      let tally = try supervisor.run(first..<first + inputs)
      failed = failed || tally.failures > 0
      print(
        "\(type.name): \(tally.inputs) inputs, \(tally.accepted) read, \(tally.refused) refused, "
          + "\(tally.crashes) crashes, \(tally.hangs) over 10 s, \(tally.large) over 1 GB "
          + "(\(Int(Double(tally.inputs) / max(tally.seconds, 0.001))) a second)")
    }
    if failed { throw ExitCode(1) }
  }
}
