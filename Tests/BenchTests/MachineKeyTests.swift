// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Testing

@testable import bench

@Suite("Results by machine")
struct MachineKeyTests {
  private static let avx512 =
    ["sse2", "fma", "avx2"]
    + ["avx512f", "avx512dq", "avx512bw", "avx512vl"]

  @Test("the key says what decides speed")
  func key() {
    #expect(SampleRuns.machine().key == "amd-epyc_avx2_2-cpus_l1-32k_l2-512k_l3-32m")
    let larger = SampleRuns.machine(features: Self.avx512 + ["avx512_bf16"], level2: 1 << 20)
    #expect(larger.key == "amd-epyc_avx512-bf16_2-cpus_l1-32k_l2-1m_l3-32m")
    let intel = SampleRuns.machine(
      processor: "Intel(R) Xeon(R) CPU @ 2.20GHz", features: ["fma", "avx2", "avx512f"],
      level2: 1_310_720)
    #expect(intel.key == "intel-xeon-2-20ghz_avx2_2-cpus_l1-32k_l2-1280k_l3-32m")
    let arm = SampleRuns.machine(
      processor: "Arm part 0xd40", features: ["asimd", "asimdhp", "sve", "bf16"], cpus: 4)
    #expect(arm.key == "arm-part-0xd40_sve-bf16-fp16_4-cpus_l1-32k_l2-512k_l3-32m")
  }

  @Test("what does not decide speed is not in the key")
  func otherProperties() {
    let usual = SampleRuns.machine()
    #expect(usual.key == SampleRuns.machine(features: ["avx2", "fma", "avx", "avx512cd"]).key)
    #expect(Machine.current().key == Machine.current().key)
  }

  @Test("differences are named")
  func differences() {
    let old = SampleRuns.machine(features: Self.avx512, level2: 1 << 20)
    let new = SampleRuns.machine()
    #expect(new.differences(from: new).isEmpty)
    let found = new.differences(from: old)
    #expect(found.count == 2, "\(found)")
    #expect(found.contains { $0.hasPrefix("features only before: avx512bw") }, "\(found)")
    #expect(found.contains { $0.hasPrefix("caches: L1 32.0 KiB, L2") }, "\(found)")
  }

  @Test("a folder and auto have a file for each machine, another path is taken as it is")
  func locations() throws {
    let machine = SampleRuns.machine()
    try SampleRuns.withFolder { folder in
      let file = folder + "/" + machine.key + ".json"
      #expect(ResultLocation.path(folder, machine: machine) == file)
      #expect(ResultLocation.path(folder + "/", machine: machine) == file)
      #expect(ResultLocation.path(folder + "/x.json", machine: machine) == folder + "/x.json")
    }
    #expect(ResultLocation.path("new/", machine: machine) == "new/\(machine.key).json")
    #expect(ResultLocation.path("auto", machine: machine).hasSuffix("/\(machine.key).json"))
  }

  @Test(
    "git ignores what auto writes", .enabled(if: isRepository, "the sources are no repository"))
  func automaticIsIgnored() throws {
    let path = ResultLocation.path("auto")
    #expect(try Self.git("check-ignore", "-q", path) == 0)
    #expect(try Self.git("check-ignore", "-q", "Benchmarks/results/x.json") == 1)
  }

  private static let isRepository = (try? git("rev-parse", "--git-dir")) == 0

  /// The exit status of git in the checkout.
  private static func git(_ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", Checkout.root] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test("compare refuses runs of different machines unless it is told otherwise")
  func comparison() throws {
    try SampleRuns.withFolder { folder in
      let files = try [1 << 19, 1 << 20].map { level2 in
        let path = "\(folder)/\(level2).json"
        let run = try SampleRuns.run(
          [SampleRuns.operation("a", samples: [1, 1])],
          machine: SampleRuns.machine(level2: level2))
        try ResultFile.append(run, to: path)
        return path
      }
      let refused = #expect(throws: ExitCode.self) { try CompareCommand.parse(files).run() }
      #expect(refused == ExitCode(2))
      try CompareCommand.parse(files + ["--across-machines"]).run()
      try CompareCommand.parse([files[0], files[0]]).run()
    }
  }

  @Test("a mismatch names both machines and what differs")
  func mismatch() throws {
    let (before, after) = (SampleRuns.machine(), SampleRuns.machine(cpus: 8))
    #expect(MachineMismatch(before: before, after: before) == nil)
    let text = try #require(MachineMismatch(before: before, after: after)).description
    #expect(text.contains(before.key) && text.contains(after.key))
    #expect(text.contains("logical processors: 2 before, 8 after"))
  }
}
