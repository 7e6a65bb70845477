// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import bench

@Suite("Comparisons with peers")
struct ComparisonReportTests {
  @Test("ratios are of the fastest peer, and of the fastest that packs nothing")
  func ratios() throws {
    let line = try #require(SampleRuns.peers.lines.first)
    #expect(line.bestPeer?.name == "blas packed" && line.ratio == 0.8)
    #expect(line.bestPlainPeer?.name == "blas" && line.plainRatio == 1.2 / 1.5)
    #expect(SampleRuns.peers.sideNames == ["ours packed", "ours plain", "blas", "blas packed"])
  }

  @Test("one entry of ours has no second ratio, and without peers there is none")
  func oneEntry() throws {
    let line = try #require(SampleRuns.training(1, peers: [3, 2]).lines.first)
    #expect(line.ratio == 2 && line.plainRatio == nil)
    let alone = try #require(SampleRuns.training(1, peers: []).lines.first)
    #expect(alone.ratio == nil && alone.bestPeer == nil)
  }

  @Test("a ratio that is no number is lost")
  func losses() {
    let ratios = RatioSummary([2, 1, 0.5, .nan])
    #expect(ratios.lost == 2 && ratios.count == 4 && ratios.mean == nil)
    #expect(StepSummary.verdict(.nan) == "LOSS" && StepSummary.verdict(1) == "")
    #expect(StepSummary.verdict(nil) == "")
  }

  @Test("losses are marked in the tables and counted below them")
  func tables() throws {
    let limits = try SampleRuns.run([]).limits
    let ahead = StepSummary(SampleRuns.training(1, peers: [3, 2]), limits: limits)
    #expect(!ahead.table.rendered().contains("LOSS"))
    #expect(ahead.means == ["ours over the best peer: geometric mean 2.00, 0 of 1 lost"])
    let behind = StepSummary(SampleRuns.training(4, peers: [3, 2]), limits: limits)
    #expect(behind.table.rendered().contains("LOSS"))
    #expect(behind.means.first?.contains("1 of 1 lost") == true)
    #expect(StepSummary(SampleRuns.training(1, peers: []), limits: limits).means.isEmpty)
    let peers = PeerSummary(SampleRuns.peers, limits: limits)
    #expect(peers.table.rendered().contains("LOSS"))
    #expect(peers.means.contains("against blas packed alone: 0.80"))
    #expect(!peers.means.contains { $0.hasPrefix("against ours") })
  }

  @Test("the page of a file shows its charts and marks losses")
  func page() throws {
    let page = ResultPage(
      ResultFile(runs: [
        try SampleRuns.run([SampleRuns.operation("a", samples: [1])]),
        try SampleRuns.run([], peers: SampleRuns.peers),
        try SampleRuns.run([], training: SampleRuns.training(1, peers: [2])),
      ]))
    #expect(page.html.contains("LOSS") && page.html.contains("GFLOP/s"))
    #expect(!page.html.contains("src=") && !page.html.contains("href="))
    #expect(page.charts.map(\.name) == ["peers-1", "training-bce"])
    #expect(page.html.contains("peer0") && page.html.contains("256 x 500"))
  }
}
