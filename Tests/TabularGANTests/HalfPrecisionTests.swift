// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularGAN
import Testing

@Suite(.serialized) struct HalfPrecisionTests {
  /// What a run of some steps told.
  private struct Observed: Equatable {
    var losses: [Float] = []
    var overflows: [OverflowNotice] = []
    var checkpoint: TrainingCheckpoint?
    var last: TrainingCheckpoint?
  }

  /// 24 steps, with checkpoints after step `checkpointed` and at the end.
  private func run(
    _ precision: Precision, r1: Float = 1, threads: Int = 2, checkpointed: Int? = nil,
    from checkpoint: TrainingCheckpoint? = nil
  ) throws -> Observed {
    let (table, schema) = try SampleTables.trips(rows: 400)
    var configuration = SynthesizerConfiguration(preset: .standard)
    configuration.batchSize = 100
    configuration.precision = precision
    configuration.objective.r1 = r1
    var observed = Observed()
    _ = try TabularSynthesizer.train(
      on: table, schema: schema, configuration: configuration, budget: TrainingBudget(epochs: 6),
      seed: 5, resumingFrom: checkpoint, in: ComputeContext(threads: threads)
    ) { event in
      switch event {
      case .step(let metrics):
        observed.losses += [metrics.discriminatorLoss, metrics.generatorLoss]
        return metrics.step == checkpointed || metrics.step == 24 ? .checkpoint : .proceed
      case .overflow(let notice): observed.overflows.append(notice)
      case .checkpoint(let state):
        if state.metrics.step == checkpointed {
          observed.checkpoint = state
        } else {
          observed.last = state
        }
      default: break
      }
      return .proceed
    }
    return observed
  }

  /// The first step's losses differ by no more than operands rounded to 11 bits make them.
  @Test func isNearSinglePrecision() throws {
    let half = try run(.float16)
    let single = try run(.float32)
    #expect(half.losses.count == 48 && half.losses.allSatisfy(\.isFinite))
    #expect(half.overflows.isEmpty)
    #expect(half.losses != single.losses)
    for (a, b) in zip(half.losses.prefix(2), single.losses) { #expect(abs(a - b) <= 0.01 * abs(b)) }
  }

  @Test func theSameBitsForAnyThreads() throws {
    let one = try run(.float16, threads: 1)
    let three = try run(.float16, threads: 3)
    #expect(one.losses.map(\.bitPattern) == three.losses.map(\.bitPattern))
  }

  /// A penalty whose gradient is beyond half precision whatever the scale: 2^16 is halved 17 times,
  /// then the discriminator, and it alone, goes on in single precision.
  @Test func fallsBackAfterRepeatedOverflow() throws {
    let observed = try run(.float16, r1: 1e12)
    let notices = observed.overflows.filter { $0.network == .discriminator }
    #expect(notices.map(\.skippedSteps) == Array(1...17))
    #expect(notices.prefix(16).map(\.lossScale) == (1...16).map { Float(65536 >> $0) })
    #expect(notices.prefix(16).allSatisfy { !$0.fallsBack })
    #expect(notices.last?.fallsBack == true && notices.last?.lossScale == 1)
    #expect(observed.losses.count == 48 && observed.losses.allSatisfy(\.isFinite))
    #expect(!observed.overflows.contains { $0.network == .generator && $0.fallsBack })
  }

  /// The scale and the fallback are part of what a run goes on from.
  @Test(arguments: [5, 20]) func resumesInTheMidstOfOverflow(step: Int) throws {
    let whole = try run(.float16, r1: 1e12, checkpointed: step)
    let rest = try run(.float16, r1: 1e12, from: try #require(whole.checkpoint))
    #expect(rest.losses.map(\.bitPattern) == whole.losses.dropFirst(2 * step).map(\.bitPattern))
    let resumed = try #require(rest.last)
    let uninterrupted = try #require(whole.last)
    // The clock is the one thing that may differ.
    var metrics = resumed.metrics
    metrics.seconds = uninterrupted.metrics.seconds
    #expect(metrics == uninterrupted.metrics)
    #expect(rest.overflows == Array(whole.overflows.suffix(rest.overflows.count)))
  }
}
