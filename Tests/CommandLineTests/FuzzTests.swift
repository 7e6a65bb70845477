// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension CommandLineTests {
  /// The fuzzer, and the inputs that failed once.
  @Suite("Fuzzing", .timeLimit(.minutes(5)))
  struct FuzzTests {
    private static let binary = URL(fileURLWithPath: TabganProcess.binary)
      .deletingLastPathComponent().appendingPathComponent("fuzz").path
    private static let corpus = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().appendingPathComponent("../Fixtures/fuzz").standardized.path
    static let isBuilt = FileManager.default.isExecutableFile(atPath: binary)

    @Test("No input of any target fails", .enabled(if: isBuilt, "fuzz is not built"))
    func someInputs() throws {
      let folder = try TemporaryFolder()
      let result = try TabganProcess.shell(
        "'\(Self.binary)' --inputs 100 --failures '\(folder("failures"))'", in: folder)
      #expect(result.status == 0, "\(result)")
      #expect(result.lines.count { $0.contains(": 100 inputs, ") } == 11, "\(result)")
    }

    @Test("Inputs that failed once no longer fail", .enabled(if: isBuilt, "fuzz is not built"))
    func corpus() throws {
      let result = try TabganProcess.shell(
        "'\(Self.binary)' --replay --corpus '\(Self.corpus)'", in: TemporaryFolder())
      #expect(result.status == 0, "\(result)")
    }
  }
}
