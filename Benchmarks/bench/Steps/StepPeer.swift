// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Another framework in a process of its own, which runs steps on request: the other end of
/// Benchmarks/peers/peer_step.py.
///
/// A line is a request and is answered by one: `cell OBJECTIVE HIDDEN BATCH FILE` by `ready`,
/// `losses STEPS` by `losses D G ...`, `sample LEAD STEPS` by `seconds S`; any of them by
/// `error TEXT`. A process answers a sample only when its threads have come to rest.
final class StepPeer {
  /// The frameworks, in the order in which they take turns.
  static let frameworks = ["torch-eager", "torch-compile", "jax"]

  let name: String
  private(set) var version = ""
  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()
  private var unread = Data()

  /// Starts the framework.
  ///
  /// - Throws: `StepPeerFailure` if it is not there.
  init(_ name: String, python: String, script: String, threads: Int) throws {
    self.name = name
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [script, "--framework", name, "--threads", "\(threads)"]
    process.standardInput = requests
    process.standardOutput = answers
    do { try process.run() } catch {
      throw StepPeerFailure(peer: name, text: "\(python) cannot be run")
    }
    version = try answer(to: nil, "peer")
  }

  deinit {
    try? requests.fileHandleForWriting.close()
    if process.isRunning { process.waitUntilExit() }
  }

  /// Reads batch and initial weights and compiles what is to be compiled.
  func prepare(_ cell: StepCell, file: String) throws {
    _ = try answer(
      to: "cell \(cell.objective.rawValue) \(cell.hidden) \(cell.batch) \(file)", "ready")
  }

  /// The losses of the first steps from the initial weights, the discriminator's and the
  /// generator's in turn.
  func losses(steps: Int) throws -> [Double] {
    try answer(to: "losses \(steps)", "losses").split(separator: " ").map { Double($0) ?? .nan }
  }

  /// The seconds of `steps` steps, after `leadIn` that do not count.
  func sample(leadIn: Int, steps: Int) throws -> Double {
    let text = try answer(to: "sample \(leadIn) \(steps)", "seconds")
    guard let seconds = Double(text), seconds > 0, seconds.isFinite else {
      throw StepPeerFailure(peer: name, text: "a sample of \"\(text)\" seconds")
    }
    return seconds
  }

  private func answer(to request: String?, _ expected: String) throws -> String {
    if let request {
      try requests.fileHandleForWriting.write(contentsOf: Data((request + "\n").utf8))
    }
    let line = try readLine()
    guard line.hasPrefix(expected) else {
      throw StepPeerFailure(peer: name, text: line)
    }
    return line.dropFirst(expected.count).trimmingCharacters(in: .whitespaces)
  }

  private func readLine() throws -> String {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread = Data(unread[(end + 1)...]) }
        return String(decoding: unread[..<end], as: UTF8.self)
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw StepPeerFailure(peer: name, text: "its process ended") }
      unread += more
    }
  }
}

/// A framework that is missing, or did not do what it was asked for.
struct StepPeerFailure: Error, CustomStringConvertible {
  let peer: String
  let text: String
  var description: String { "\(peer): \(text)" }
}

/// A peer's steps, timed by itself while nothing else computes.
struct PeerStepWorkload: Workload {
  let peer: StepPeer
  let cell: StepCell

  var label: String { "\(peer.name) \(cell.label)" }

  func seconds(iterations: Int) throws -> Double {
    try peer.sample(leadIn: StepSample.leadIn(iterations), steps: iterations)
  }
}
