// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import bench

@Suite("Result files")
struct ResultFileTests {
  @Test("runs are appended, and read as they were written")
  func roundTrip() throws {
    try SampleRuns.withFolder { folder in
      let path = folder + "/runs.json"
      let runs = [
        try SampleRuns.run([SampleRuns.operation("a", samples: [1, 2, 3])]),
        try SampleRuns.run([], peers: SampleRuns.peers),
        try SampleRuns.run([], training: SampleRuns.training(1, peers: [3, 2])),
      ]
      for run in runs { try ResultFile.append(run, to: path) }
      #expect(try ResultFile.read(path) == ResultFile(runs: runs))
    }
  }

  @Test("an error that is no number is kept, and is not within its bound")
  func notANumber() throws {
    let run = try SampleRuns.run([
      SampleRuns.operation("a", samples: [1], error: .nan)
    ])
    let text = try ResultFile(runs: [run]).json()
    let read = try JSONDecoder.benchResults.decode(ResultFile.self, from: Data(text.utf8))
    let operation = try #require(read.runs.first?.operations.first)
    #expect(operation.error.isNaN && !operation.isCorrect)
  }

  @Test("a file of another format is refused, not appended to")
  func otherFormat() throws {
    try SampleRuns.withFolder { folder in
      let path = folder + "/runs.json"
      let text = "{\"format\": 1, \"runs\": [{}]}"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      let failure = #expect(throws: ResultFileFailure.self) {
        try ResultFile.append(try SampleRuns.run([]), to: path)
      }
      #expect(failure?.text.contains("format 1") == true)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
  }

  @Test(
    "a missing or foreign file is reported by name",
    arguments: [
      (nil, "no such file"), ("{\"a\": 1}", "not a results file"),
      ("no JSON", "not a results file"), ("{\"format\": 3, \"runs\": 1}", "not a results file"),
    ] as [(String?, String)])
  func notResults(content: String?, says: String) throws {
    try SampleRuns.withFolder { folder in
      let path = folder + "/runs.json"
      if let content { try Data(content.utf8).write(to: URL(fileURLWithPath: path)) }
      let failure = #expect(throws: ResultFileFailure.self) { try ResultFile.read(path) }
      Self.expectMessage(failure, path, says)
    }
  }

  @Test("what the system refuses is reported with its reason")
  func unwritable() throws {
    try SampleRuns.withFolder { folder in
      let file = folder + "/file"
      try Data().write(to: URL(fileURLWithPath: file))
      let below = file + "/page.html"
      Self.expectMessage(
        #expect(throws: ResultFileFailure.self) { try OutputFile.write("", to: below) }, below,
        "cannot be written: ")
      Self.expectMessage(
        #expect(throws: ResultFileFailure.self) { try ResultFile.read(folder) }, folder,
        "is a folder")
    }
  }

  private static func expectMessage(
    _ failure: ResultFileFailure?, _ path: String, _ text: String
  ) {
    let message = failure.map { "\($0)" } ?? ""
    #expect(message.hasPrefix(path + ": ") && message.contains(text), "\(message)")
    for raw in ["Domain", "Error", "operation"] { #expect(!message.contains(raw), "\(message)") }
  }

  @Test("a file holds the runs of one machine")
  func oneMachine() throws {
    try SampleRuns.withFolder { folder in
      let path = folder + "/runs.json"
      let runs = try [1 << 19, 1 << 20].map {
        try SampleRuns.run([], machine: SampleRuns.machine(level2: $0))
      }
      try ResultFile.append(runs[0], to: path)
      try ResultFile.append(runs[0], to: path)
      let failure = #expect(throws: ResultFileFailure.self) {
        try ResultFile.append(runs[1], to: path)
      }
      #expect(failure?.text.contains("another machine") == true)
      #expect(try ResultFile.read(path).runs.count == 2)

      let mixed = try ResultFile(runs: runs).json()
      try Data(mixed.utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: ResultFileFailure.self) { try ResultFile.read(path) }
    }
  }

  private static let committed = Checkout.root + "/Benchmarks/results"

  @Test("every file of committed runs is named by its machine, and written as it stands")
  func committedResults() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.committed)
      .filter { $0.hasSuffix(".json") && !$0.hasPrefix("ctgan_") }
    #expect(!names.isEmpty)
    for name in names {
      let path = Self.committed + "/" + name
      let file = try ResultFile.read(path)
      #expect(file.machineKey.map { $0 + ".json" } == name)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let isSame = try file.json() == text
      #expect(isSame, "\(name)")
    }
  }
}
