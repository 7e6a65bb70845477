// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore
import Tabular
import TabularGAN

/// Everything that decides the numbers of an experiment.
///
/// Stored as `plan.json` beside them, so that a folder never mixes the runs of two plans.
struct ExperimentPlan: Codable, Equatable {
  /// What is read, by content: a file may be moved between two runs.
  struct Source: Codable, Equatable {
    var path: String
    var fingerprint: String

    init(_ path: String) throws { try self.init(TableLocation([path])) }

    /// Of addresses, which may be of any size and change at any time, only the text counts.
    init(_ location: TableLocation) throws {
      path = location.name
      let inputs: [TableInput?] =
        location.reader == .text
        ? location.inputs
        : try location.paths.map { TableLocation.isAddress($0) ? nil : try InputFile.open($0) }
      fingerprint = try zip(location.paths, inputs).map { path, input in
        try input.map { try String($0.fingerprint(), radix: 16) } ?? path
      }.joined(separator: ",")
    }

    static func == (a: Source, b: Source) -> Bool { a.fingerprint == b.fingerprint }
  }

  var file: Source
  var holdout: Source?
  var schema: Source?
  /// The options for reading tables, as in ``ReadingOptions/arguments``.
  var reading: [String]
  var cleaning: Cleaning
  var sizes: [Int]
  var preset: SynthesizerConfiguration.Preset
  var batchSize: Int?
  var epochs: Int?
  var minutes: Double?
  var precision: Precision?
  /// The settings given with --set.
  var settings: [String]?
  var seed: UInt64
  /// Rows to generate for each evaluation.
  var generated: Int
  /// The target for utility.
  var target: String?

  /// The options by which two plans differ, as the user wrote them.
  func differences(from other: ExperimentPlan) -> [String] {
    var names: [String] = []
    func compare<T: Equatable>(_ name: String, _ value: (ExperimentPlan) -> T) {
      if value(self) != value(other) { names.append(name) }
    }
    compare("the file's content") { $0.file }
    compare("--holdout") { $0.holdout }
    compare("--schema") { $0.schema }
    for option in Set(reading).symmetricDifference(other.reading).sorted() {
      let name = String(option.prefix { $0 != " " })
      if !names.contains(name) { names.append(name) }
    }
    compare("--clean") { $0.cleaning }
    compare("--sizes") { $0.sizes }
    compare("--preset") { $0.preset }
    compare("--batch-size") { $0.batchSize }
    compare("--epochs") { $0.epochs }
    compare("--minutes") { $0.minutes }
    compare("--precision") { $0.precision }
    compare("--set") { $0.settings ?? [] }
    compare("--seed") { $0.seed }
    compare("--generate") { $0.generated }
    compare("--target") { $0.target }
    return names
  }

  /// The command that follows this plan.
  func command(output: String) -> String {
    let options: [(name: String, value: String?)] = [
      ("-o", output), ("--sizes", sizes.map(String.init).joined(separator: ",")),
      ("--preset", preset.rawValue), ("--epochs", epochs.map(String.init)),
      ("--minutes", minutes.map { "\($0)" }), ("--batch-size", batchSize.map(String.init)),
      ("--precision", precision?.rawValue),
      ("--seed", "\(seed)"), ("--generate", "\(generated)"), ("--holdout", holdout?.path),
      ("--target", target.map { "'\($0)'" }),
      ("--schema", schema?.path), ("--clean", cleaning == .none ? nil : cleaning.name),
    ]
    let given =
      options.compactMap { option in option.value.map { "\(option.name) \($0)" } }
      + (settings ?? []).map { "--set '\($0)'" } + reading
    return "tabgan experiment \(file.path) \\\n  " + given.joined(separator: " ")
  }

  /// The runs in their order.
  ///
  /// Each size is trained from scratch; each but the first also beginning with the weights of the
  /// chain of sizes before it.
  var runs: [ExperimentRun] {
    sizes.enumerated().flatMap { i, size in
      i == 0
        ? [ExperimentRun(size: size, start: .scratch)]
        : [ExperimentRun(size: size, start: .scratch), ExperimentRun(size: size, start: .warm)]
    }
  }

  /// The run whose model `run` begins with: the smallest size's own, then the one before in the
  /// chain.
  func predecessor(of run: ExperimentRun) -> ExperimentRun? {
    guard run.start == .warm, let i = sizes.firstIndex(of: run.size), i > 0 else { return nil }
    return ExperimentRun(size: sizes[i - 1], start: i == 1 ? .scratch : .warm)
  }
}

/// One training of an experiment.
struct ExperimentRun: Hashable {
  enum Start: String, CaseIterable {
    case scratch
    case warm
  }
  var size: Int
  var start: Start

  /// The folder's name, "4000-warm".
  var name: String { "\(size)-\(start.rawValue)" }
}
