// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NumericCore
import TabularGAN

/// `--epochs`, `--minutes`, `--preset`, `--batch-size`, `--precision`, `--set`: how to train.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      default: the best settings found by this project; ctgan: CTGAN's published settings; poster: \
      small SELU networks on 28 numbers per row.
      """, valueName: "NAME"))
  var preset = SynthesizerConfiguration.Preset.standard

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Epochs over the rows; by default the preset's own number (`default`: 100, more below 10,000 \
      rows).
      """, valueName: "E"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Stop the steps after this many minutes instead (0.5 is 30 s); other work is \
      not bounded. The number of steps then depends on the machine; with --epochs, whichever comes \
      first.
      """, valueName: "M"))
  var minutes: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Rows in a training step; by default the preset's.", valueName: "B"))
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      """
      Operands of the networks' products: float32, bfloat16 (16 bits; sums in 32), float16 (16 \
      bits, losses scaled; short sums in 16 bits if the machine has instructions for it), or \
      automatic (the fastest on this machine, as measured). By default the preset's.
      """, valueName: "P"))
  var precision: Precision?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Change one setting of the preset, by its path in model.json's "configuration": \
      discriminator.hidden=[512,512], objective.r1=0.1, ... May be given more than once.
      """, valueName: "SETTING=VALUE"))
  var settings: [String] = []

  func validate() throws {
    if let epochs, epochs < 1 {
      throw ValidationError("--epochs must be at least 1, not \(epochs)")
    }
    if let minutes, !(minutes > 0 && minutes.isFinite) {
      throw ValidationError("--minutes must be more than 0, not \(minutes)")
    }
    if let batchSize, batchSize < 1 {
      throw ValidationError("--batch-size must be at least 1, not \(batchSize)")
    }
    // Checked here so that errors in --set are shown with the usage of the command.
    _ = try configuration()
  }

  var budget: TrainingBudget { TrainingBudget(epochs: epochs, minutes: minutes) }

  /// The preset with what was asked to differ.
  func configuration() throws -> SynthesizerConfiguration {
    var configuration = SynthesizerConfiguration(preset: preset)
    if let batchSize { configuration.batchSize = batchSize }
    if let precision { configuration.precision = precision }
    do {
      for setting in settings {
        let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
          throw ValidationError("--set takes SETTING=VALUE, not '\(setting)'")
        }
        configuration = try configuration.setting(parts[0], to: parts[1])
      }
      try configuration.validate()
      try budget.validate()
    } catch let error as TrainingError {
      throw ValidationError("\(error)")
    }
    return configuration
  }

  /// Passes in all, for the progress display; nil where time decides.
  func plannedEpochs(_ configuration: SynthesizerConfiguration, rows: Int) -> Int? {
    epochs ?? (minutes == nil ? configuration.defaultEpochs(rows: rows) : nil)
  }
}

extension SynthesizerConfiguration.Preset: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
