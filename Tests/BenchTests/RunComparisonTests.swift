// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import bench

@Suite("Comparing two runs")
struct RunComparisonTests {
  private static let quiet = [1.0, 1.0, 1.0, 1.0, 1.0]
  /// Quartiles at 0.9 and 1.1: a spread of 0.2.
  private static let noisy = [0.8, 0.9, 1.0, 1.1, 1.2]

  private static func verdict(
    _ before: [Double], _ after: [Double], limits: (Double, Double) = (1e-3, 1e-3)
  ) throws -> RunComparison.Line {
    let comparison = RunComparison(
      before: try SampleRuns.run(
        [SampleRuns.operation("a", samples: before)], limitSeconds: limits.0),
      after: try SampleRuns.run(
        [SampleRuns.operation("a", samples: after)], limitSeconds: limits.1))
    return try #require(comparison.lines.first)
  }

  @Test("without noise any difference is one")
  func quietRuns() throws {
    #expect(try Self.verdict(Self.quiet, Self.quiet).verdict == .same)
    #expect(try Self.verdict(Self.quiet, Self.quiet.map { $0 * 1.01 }).verdict == .slower)
    #expect(try Self.verdict(Self.quiet, Self.quiet.map { $0 * 0.99 }).verdict == .faster)
  }

  @Test("the spreads of both medians are within the cutoff, in both directions")
  func spreads() throws {
    // sqrt(0.2^2 + 0.2^2) as a logarithm.
    let line = try Self.verdict(Self.noisy, Self.noisy.map { $0 * 1.3 })
    #expect(abs(line.cutoff - exp(0.08.squareRoot())) < 1e-4)
    #expect(line.verdict == .same)
    #expect(try Self.verdict(Self.noisy, Self.noisy.map { $0 / 1.3 }).verdict == .same)
    #expect(try Self.verdict(Self.noisy, Self.noisy.map { $0 * 1.35 }).verdict == .slower)
    #expect(try Self.verdict(Self.noisy, Self.noisy.map { $0 / 1.35 }).verdict == .faster)
  }

  @Test("what the machine's limit moved is noise")
  func drift() throws {
    let line = try Self.verdict(
      Self.quiet, Self.quiet.map { $0 * 1.4 }, limits: (1e-3, 1.5e-3))
    #expect(line.verdict == .same && abs(line.cutoff - 1.5) < 1e-3)
  }

  @Test("training steps are compared, ours alone, and only with training steps")
  func trainingSteps() throws {
    let (before, after) = (
      try SampleRuns.run([], training: SampleRuns.training(1, peers: [2])),
      try SampleRuns.run([], training: SampleRuns.training(1.5, peers: [3]))
    )
    let lines = RunComparison(before: before, after: after).lines
    #expect(lines.map(\.shape) == ["bce 256 x 500"] && lines.map(\.verdict) == [.slower])
    let kernels = try SampleRuns.run([SampleRuns.operation("a", samples: Self.quiet)])
    #expect(kernels.kind == .kernels && after.kind == .training)
    #expect(RunComparison(before: kernels, after: after).lines.isEmpty)
  }

  @Test("a ratio that is no number is not passed over")
  func undefined() {
    #expect(RunComparison.verdict(ratio: .nan, cutoff: 2) == .slower)
    #expect(RunComparison.verdict(ratio: 1, cutoff: .nan) == .slower)
  }

  @Test("no cutoff is below the one asked for")
  func smallestCutoff() throws {
    let runs = try [1.0, 1.02].map { factor in
      try SampleRuns.run([SampleRuns.operation("a", samples: Self.quiet.map { $0 * factor })])
    }
    let strict = RunComparison(before: runs[0], after: runs[1])
    let lenient = RunComparison(before: runs[0], after: runs[1], smallestCutoff: 1.05)
    #expect(strict.slower.count == 1 && lenient.slower.isEmpty)
  }

  @Test("only lines of the same case, instruction set and threads are compared")
  func matching() throws {
    let before = try SampleRuns.run([
      SampleRuns.operation("a", samples: Self.quiet),
      SampleRuns.operation("b", threads: 2, samples: Self.quiet),
    ])
    let after = try SampleRuns.run([
      SampleRuns.operation("a", samples: Self.quiet.map { $0 * 2 }),
      SampleRuns.operation("b", threads: 1, samples: Self.quiet),
    ])
    let comparison = RunComparison(before: before, after: after)
    #expect(comparison.lines.map(\.shape) == ["a"] && comparison.unmatched == 2)
    #expect(comparison.meanRatio == 2)
  }
}
