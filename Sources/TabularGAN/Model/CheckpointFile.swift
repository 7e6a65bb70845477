// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks

extension TrainingCheckpoint {
  /// Raised whenever an older reader could no longer make sense of the file.
  private static let formatVersion = 3
  private static let format = "tabgan-checkpoint"

  /// The metadata of the tensors.
  private struct Description: Codable {
    var format: Int
    var metrics: TrainingMetrics
    var fingerprint: String
    var generatorSteps: Int
    var discriminatorSteps: Int
    var averageUpdates: Int
    /// By the network's name; nil in files that are older than half precision.
    var overflow: [String: OverflowPolicy]?

    /// The reason, with the field's name, why no run can have written this; nil if it is valid.
    var validationProblem: String? {
      if let validationProblem = metrics.validationProblem {
        return "'metrics': \(validationProblem)"
      }
      guard metrics.step > 0 else { return "'metrics': step must be positive" }
      let counts = [
        ("generatorSteps", generatorSteps), ("discriminatorSteps", discriminatorSteps),
        ("averageUpdates", averageUpdates),
      ]
      return counts.first { $0.1 < 0 }.map { "'\($0.0)' must not be negative, as \($0.1) is" }
    }
  }

  private var overflowByName: [String: OverflowPolicy] {
    Dictionary(uniqueKeysWithValues: overflow.map { ($0.key.rawValue, $0.value) })
  }

  /// Writes one safetensors file; whatever happens, the path holds either the old contents or the
  /// whole of the new ones.
  ///
  /// - Throws: ``ModelError/unwritable(path:reason:)``.
  public func write(to path: String) throws {
    let description = try JSONEncoder().encode(
      Description(
        format: Self.formatVersion, metrics: metrics, fingerprint: fingerprint,
        generatorSteps: generatorSteps, discriminatorSteps: discriminatorSteps,
        averageUpdates: averageUpdates,
        overflow: overflowByName))
    do {
      try Safetensors(
        tensors: tensors, metadata: [Self.format: String(decoding: description, as: UTF8.self)]
      ).write(to: path)
    } catch .inputOutput(let path, let reason) {
      throw ModelError.unwritable(path: path, reason: reason)
    }
  }

  /// Reads a file that `write(to:)` has written.
  ///
  /// - Throws: ``ModelError`` where it is damaged or of another version.
  public init(contentsOf path: String) throws {
    let file: Safetensors
    do {
      file = try Safetensors(contentsOf: path)
    } catch {
      throw ModelError.damaged(file: path, problem: "\(error)")
    }
    try self.init(file, path: path)
  }

  /// Reads a checkpoint from memory.
  package init(decoding bytes: [UInt8], path: String) throws {
    let file: Safetensors
    do {
      file = try Safetensors(decoding: bytes)
    } catch {
      throw ModelError.damaged(file: path, problem: "\(error)")
    }
    try self.init(file, path: path)
  }

  private init(_ file: Safetensors, path: String) throws {
    guard let text = file.metadata[Self.format] else {
      throw ModelError.damaged(file: path, problem: "it is not a checkpoint")
    }
    let description: Description
    do {
      description = try JSONDecoder().decode(Description.self, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw ModelError.damaged(
        file: path, problem: "its description cannot be read: \(ModelFile.explain(error))")
    }
    guard description.format >= Self.formatVersion else {
      throw ModelError.earlierVersion(
        folder: path, found: description.format, supported: Self.formatVersion)
    }
    guard description.format <= Self.formatVersion else {
      throw ModelError.laterVersion(
        folder: path, found: description.format, supported: Self.formatVersion)
    }
    if let validationProblem = description.validationProblem {
      throw ModelError.damaged(file: path, problem: validationProblem)
    }
    self.init(
      metrics: description.metrics, fingerprint: description.fingerprint, tensors: file.tensors,
      generatorSteps: description.generatorSteps,
      discriminatorSteps: description.discriminatorSteps,
      averageUpdates: description.averageUpdates,
      overflow: Dictionary(
        uniqueKeysWithValues: (description.overflow ?? [:]).compactMap { name, policy in
          TrainedNetwork(rawValue: name).map { ($0, policy) }
        }))
  }
}
