// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import bench

@Suite("A run in one line")
struct HeadlineTests {
  @Test("of the kernels: the strongest instruction set, against the limits")
  func kernels() throws {
    let run = try SampleRuns.run([
      SampleRuns.operation("a", instructionSet: "portable", samples: [1], shareOfLimit: 0.01),
      SampleRuns.operation("a", samples: [1], shareOfLimit: 0.9),
      SampleRuns.operation("a", threads: 2, samples: [1], shareOfLimit: 0.8),
      SampleRuns.operation("b", samples: [1], shareOfLimit: 0.49),
    ])
    #expect(
      Headline(run).text
        == "3 cases on avx2, threads 1 and 2: median 80 % of the limit, 1 below 50 %")
  }

  @Test("a wrong result is counted, on whichever instruction set")
  func wrong() throws {
    let run = try SampleRuns.run([
      SampleRuns.operation("a", instructionSet: "portable", samples: [1], error: .nan),
      SampleRuns.operation("a", samples: [1]),
    ])
    #expect(Headline(run).text.hasSuffix(", 1 WRONG"))
  }

  @Test("of comparisons: what is lost to the best peer")
  func comparisons() throws {
    let peers = Headline(try SampleRuns.run([], peers: SampleRuns.peers)).text
    #expect(peers.hasPrefix("1 case: median 0 % of the fp32 peak, 1 below 50 %"))
    #expect(peers.hasSuffix(", 1 lost to the best peer"))
    let steps = Headline(
      try SampleRuns.run([], training: SampleRuns.training(1, peers: [3, 2]))
    ).text
    #expect(steps.hasSuffix(", 0 lost to the best peer"))
    let alone = Headline(try SampleRuns.run([], training: SampleRuns.training(1, peers: []))).text
    #expect(!alone.contains("lost"))
  }

  @Test("limits that spread make a run noisy")
  func noise() throws {
    var run = try SampleRuns.run([SampleRuns.operation("a", samples: [1])])
    #expect(!Headline(run).text.contains("noisy"))
    let limit = MeasuredLimit(
      ArithmeticProbe(instructionSet: .init(rawValue: 0), threads: 1),
      SampleSummary([1, 2, 3]))
    run = BenchResult(
      date: run.date, machine: run.machine, build: run.build, settings: run.settings,
      limits: [limit], operations: run.operations)
    #expect(Headline(run).text.hasSuffix("noisy: limits spread by up to 50 %"))
  }

  @Test("it is the first line of every text, and on the page")
  func first() throws {
    let kernels = try SampleRuns.run([SampleRuns.operation("a", samples: [1])])
    let peers = try SampleRuns.run([], peers: SampleRuns.peers)
    let training = SampleRuns.training(1, peers: [3, 2])
    let steps = try SampleRuns.run([], training: training)
    for (run, text) in [
      (kernels, ResultSummary(kernels).text(all: true)),
      (
        peers,
        PeerSummary(SampleRuns.peers, limits: peers.limits).text(of: peers, notes: [], hints: [])
      ),
      (steps, StepSummary(training, limits: steps.limits).text(of: steps, notes: [], hints: [])),
    ] {
      #expect(text.hasPrefix(Headline(run).text + "\n"))
    }
    let html = ResultPage(ResultFile(runs: [kernels, peers, steps])).html
    #expect(html.contains("kernels: " + Headline(kernels).text))
  }
}
