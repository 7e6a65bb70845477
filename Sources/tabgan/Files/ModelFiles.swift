// SPDX-License-Identifier: Apache-2.0

import TabularGAN

/// The names of the files of a model folder.
enum ModelFiles {
  static let history = "history.csv"
  static let checkpoint = "checkpoint.safetensors"
  static let checkpointHistory = "checkpoint-history.csv"

  /// The files that an interrupted training run can leave.
  static let remnants = all.subtracting([TabularSynthesizer.descriptionFile])
  /// All files: those of the model and those that this command adds.
  static let all = TabularSynthesizer.files.union([history, checkpoint, checkpointHistory])
}
