// SPDX-License-Identifier: Apache-2.0

import TabularGAN
import Testing

/// Changing one setting of a configuration by its path.
@Suite struct SettingTests {
  private let preset = SynthesizerConfiguration(preset: .standard)

  @Test func settingsAreReplaced() throws {
    #expect(
      try preset.setting("discriminator.hidden", to: "[512, 128]").discriminator.hidden
        == [512, 128])
    #expect(try preset.setting("objective.r1", to: "0.25").objective.r1 == 0.25)
    #expect(
      try preset.setting("generatorOptimizer.adam.learningRate", to: "5e-4")
        .generatorOptimizer.learningRate == 5e-4)
    #expect(try preset.setting("averaging", to: "null").averaging == nil)
    #expect(try preset.setting("resampling", to: "null").resampling == nil)
    #expect(try preset.setting("decay", to: "linear").decay == .linear)
    #expect(
      try preset.setting("encoding.findsRelations", to: "false").encoding.findsRelations == false)
    var expected = preset
    expected.batchSize = 1000
    #expect(try preset.setting("batchSize", to: "1000") == expected)
    let poster = SynthesizerConfiguration(preset: .poster)
    #expect(try poster.setting("averaging", to: "0.9").averaging == 0.9)
  }

  @Test(arguments: [
    ("discriminator.width", "3"), ("objective.r1", "much"), ("batchSize", "-1"), ("", "1"),
    ("batchSize.rows", "1"), ("discriminator.hidden", "[0]"),
    ("discriminator.hidden", "[65537]"), ("generator.hidden", "[\(Int.max)]"),
    ("generator.noiseWidth", "\(Int.max)"), ("batchSize", "\(Int.max)"),
    ("discriminatorSteps", "1001"), ("epochs", "\(Int.max)"), ("minSteps", "-1"),
    ("encoding.modes", "0"), ("temperature", "0"), ("averaging", "1"), ("minCategoryShare", "0.2"),
    ("overfittingLimit", "-1"), ("objective.r1", "1e30"), ("objective.finalPenalty", "0"),
    ("generatorOptimizer.adam.learningRate", "-1"), ("generatorOptimizer.adam.beta2", "1"),
    ("resampling.candidates", "4097"), ("resampling.epochs", "\(Int.max)"),
    ("resampling.bins", "100000000"), ("resampling.rakingRows", "-1"),
    ("resampling.dropout", "1"), ("resampling.hidden", "[0]"),
  ])
  func whatMakesNoSenseIsRefused(path: String, value: String) {
    #expect(throws: TrainingError.self) { try preset.setting(path, to: value) }
  }
}
