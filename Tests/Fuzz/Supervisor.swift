// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs and watches workers. A worker that crashes, takes too long or uses too much memory is
/// ended, its input is saved, and another worker continues after it.
struct FuzzSupervisor {
  let target: String
  let seed: UInt64
  /// The folder for inputs that fail.
  let failures: String
  /// Ends the run early.
  let deadline: Date

  private static let longest = 10.0
  private static let maxBytes = 1 << 30

  struct Tally {
    var inputs = 0
    var accepted = 0
    var refused = 0
    var crashes = 0
    var hangs = 0
    var large = 0
    var seconds = 0.0

    var failures: Int { crashes + hangs + large }
  }

  private enum Ending {
    case complete, crashed(String), hung, large, outOfTime
  }

  /// Feeds inputs `range` to the target.
  func run(_ range: Range<Int>) throws -> Tally {
    let start = Date()
    var tally = Tally()
    var next = range.lowerBound
    while next < range.upperBound, Date() < deadline {
      let path = NSTemporaryDirectory() + "fuzz-\(getpid())-\(target)"
      unlink(path)
      let progress = FuzzProgress(path)
      progress.index = next
      defer { unlink(path) }
      let ending = try watch(next..<range.upperBound, path, progress)
      tally.accepted += progress.accepted
      tally.refused += progress.refused
      switch ending {
      case .complete, .outOfTime:
        next = progress.index
        if case .outOfTime = ending { tally.inputs = next - range.lowerBound }
      case .crashed(let text):
        tally.crashes += 1
        try report(progress.index, text)
        next = progress.index + 1
      case .hung:
        tally.hangs += 1
        try report(progress.index, "more than \(Int(Self.longest)) s")
        next = progress.index + 1
      case .large:
        tally.large += 1
        try report(progress.index, "more than 1 GB")
        next = progress.index + 1
      }
      if case .outOfTime = ending { break }
    }
    tally.inputs = next - range.lowerBound
    tally.seconds = Date().timeIntervalSince(start)
    return tally
  }

  private func watch(
    _ range: Range<Int>, _ path: String, _ progress: FuzzProgress
  ) throws -> Ending {
    let errors = path + ".err"
    _ = FileManager.default.createFile(atPath: errors, contents: nil)
    defer { unlink(errors) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      "--work", path, "--seed", "\(seed)", "--first", "\(range.lowerBound)", "--inputs",
      "\(range.count)", target,
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    var (index, since, used) = (-1, Date(), 0.0)
    while process.isRunning {
      usleep(20_000)
      let seconds = processorSeconds(process.processIdentifier)
      if progress.index != index { (index, since, used) = (progress.index, Date(), seconds) }
      var ending: Ending?
      // A worker prepares its seeds before the first input.
      let patience = index == range.lowerBound ? 20 * Self.longest : Self.longest
      // Processor time is measured, since the machine may be busy; wall-clock time detects workers
      // that wait.
      if seconds - used > patience || Date().timeIntervalSince(since) > 10 * patience {
        ending = .hung
      }
      if peakBytes(process.processIdentifier) > Self.maxBytes { ending = .large }
      if Date() > deadline { ending = .outOfTime }
      if let ending {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return ending
      }
    }
    guard process.terminationReason != .exit || process.terminationStatus != 0 else {
      return .complete
    }
    let text = (FileManager.default.contents(atPath: errors)).map {
      String(decoding: $0, as: UTF8.self)
    }
    let lines = (text ?? "").split(separator: "\n")
    let line = lines.first { $0.contains("rror") || $0.contains("recondition") } ?? lines.first
    return .crashed("status \(process.terminationStatus): \(line ?? "")")
  }

  /// The processor time that a process has used so far, in seconds.
  private func processorSeconds(_ process: Int32) -> Double {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = status.lastIndex(of: ")")
    else { return 0 }
    // After the name: the state, and as fields 12 and 13 the ticks in user and in system mode.
    let fields = status[end...].split(separator: " ").dropFirst()
    let ticks = fields.dropFirst(11).prefix(2).compactMap { Double($0) }
    return ticks.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The peak memory use of a process so far.
  private func peakBytes(_ process: Int32) -> Int {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
    else { return 0 }
    return (Int(kilobytes) ?? 0) * 1024
  }

  private func report(_ index: Int, _ text: String) throws {
    print("  input \(index): \(text.prefix(300))")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    try FileManager.default.createDirectory(atPath: failures, withIntermediateDirectories: true)
    process.arguments = [
      "--seed", "\(seed)", "--first", "\(index)", "--keep",
      "\(failures)/\(target)-\(seed)-\(index)",
      target,
    ]
    try process.run()
    process.waitUntilExit()
  }
}
