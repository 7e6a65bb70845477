import Foundation
import Testing

@testable import bench

@Suite("Result files")
struct ResultFileTests {
  private static let report = PeerReport(
    runtime: "libomp", libraries: [.init(name: "blas", version: "1", kernels: "avx2")],
    lines: [
      PeerReport.Line(
        operation: .forward, shape: "a", threads: 1, floatingPointOperations: 1e6,
        sides: [
          SampleRuns.side("ours packed", 1.0, packed: true),
          SampleRuns.side("ours plain", 1.5, packed: false),
          SampleRuns.side("blas", 1.2, packed: false),
          SampleRuns.side("blas packed", 0.8, packed: true),
        ])
    ], disturbedSamples: 0)

  @Test("runs are appended, and read as they were written")
  func roundTrip() throws {
    let path = NSTemporaryDirectory() + "bench-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let first = try SampleRuns.run([SampleRuns.operation("a", samples: [1, 2, 3])])
    let second = try SampleRuns.run([], peers: Self.report)
    try ResultFile.append(first, to: path)
    try ResultFile.append(second, to: path)
    #expect(try ResultFile.read(path) == ResultFile(runs: [first, second]))
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
    let path = NSTemporaryDirectory() + "bench-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = "{\"format\": 1, \"runs\": []}"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: ResultFileFailure.self) {
      try ResultFile.append(try SampleRuns.run([]), to: path)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test("a missing or foreign file is reported by name")
  func notResults() throws {
    let path = NSTemporaryDirectory() + "bench-\(UUID().uuidString).json"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (content, says) in [
      (nil, "no such file"), ("{\"a\": 1}", "not a results file"),
      ("no JSON", "not a results file"),
    ] {
      if let content { try Data(content.utf8).write(to: URL(fileURLWithPath: path)) }
      let failure = #expect(throws: ResultFileFailure.self) { try ResultFile.read(path) }
      let text = failure.map { "\($0)" } ?? ""
      #expect(text.hasPrefix(path) && text.contains(says), "\(text)")
      #expect(!text.contains("Domain"), "\(text)")
    }
  }

  private static func machine(features: [String], cache: Int) -> Machine {
    Machine(
      processor: "AMD EPYC", architecture: "x86_64", operatingSystem: "Linux",
      logicalProcessors: 2, memoryBytes: 1 << 33, features: features,
      caches: [.init(level: 2, kind: "Unified", bytes: cache, sharedBy: "0")], isVirtual: true)
  }

  @Test("machines with the same name are distinguished by features and caches")
  func machines() throws {
    let old = Self.machine(features: ["avx2", "fma", "avx512f"], cache: 1 << 20)
    let new = Self.machine(features: ["avx2", "fma"], cache: 1 << 19)
    #expect(new.differences(from: new).isEmpty)
    let found = new.differences(from: old)
    #expect(found.count == 2, "\(found)")
    #expect(found.contains("features only before: avx512f"), "\(found)")
    #expect(found.contains { $0.hasPrefix("caches: L2") }, "\(found)")

    let folder = NSTemporaryDirectory() + "bench-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try ResultDestination.automatic(for: old, in: folder)
    #expect(first == folder + "/amd-epyc.json")
    var run = try SampleRuns.run([])
    run.machine = old
    try ResultFile.append(run, to: first)
    #expect(try ResultDestination.automatic(for: old, in: folder) == first)
    let second = try ResultDestination.automatic(for: new, in: folder)
    #expect(second == folder + "/amd-epyc-2.json")
  }

  @Test("ratios are of the fastest peer, and of the fastest that packs nothing")
  func ratios() throws {
    let line = try #require(Self.report.lines.first)
    #expect(line.bestPeer?.name == "blas packed" && line.ratio == 0.8)
    #expect(line.bestPlainPeer?.name == "blas" && line.plainRatio == 1.2 / 1.5)
  }

  @Test("the page of a file shows its charts and marks losses")
  func page() throws {
    let page = ResultPage(
      ResultFile(runs: [
        try SampleRuns.run([SampleRuns.operation("a", samples: [1])]),
        try SampleRuns.run([], peers: Self.report),
        try SampleRuns.run([], training: SampleRuns.training(1)),
      ]))
    #expect(page.html.contains("LOSS") && page.html.contains("GFLOP/s"))
    #expect(!page.html.contains("src=") && !page.html.contains("href="))
    #expect(page.charts.map(\.name) == ["peers-1", "training-bce"])
    #expect(page.html.contains("torch-eager 2") && page.html.contains("256 x 500"))
  }
}
