// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Tabular
import TabularGAN

/// Checks rows of a finished model for copies of training rows and for collapse.
struct ModelCheck {
  private let memorization: MemorizationCheck
  private let collapse: CollapseCheck
  private let seed: UInt64

  /// The number of rows to generate.
  private static let generatedRows = 2000

  init(training: Table, monitoring: Table, seed: UInt64) {
    memorization = MemorizationCheck(training: training, monitoring: monitoring, seed: seed)
    collapse = CollapseCheck(training: training)
    self.seed = seed
  }

  /// Adds the findings on the model in `folder` to a summary.
  func add(
    to summary: inout TrainingSummary, of folder: String, in context: ComputeContext
  ) throws {
    let model = try TabularSynthesizer.load(from: folder, in: context)
    let generated = try model.sample(rows: 0..<Self.generatedRows, seed: seed, in: context)
    summary.memorization = try memorization.result(of: generated, threads: context.threads)
    summary.collapse = collapse.result(
      of: generated, losses: [summary.last.discriminatorLoss, summary.last.generatorLoss])
  }
}
