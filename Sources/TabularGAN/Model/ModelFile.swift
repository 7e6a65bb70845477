// SPDX-License-Identifier: Apache-2.0

import AtomicFiles
import Foundation
import NeuralNetworks
import Tabular
import TabularEncoding

/// The folder a model lives in: weights as safetensors, everything else in `model.json`.
///
/// `model.json` is written last, so a folder without it holds no model and one with it is complete.
enum ModelFile {
  /// Incremented whenever readers of the previous format can no longer read the folder.
  static let formatVersion = 6

  static let description = "model.json"
  static let schema = "schema.json"
  static let generator = "generator.safetensors"
  static let discriminator = "discriminator.safetensors"
  static let ratio = "ratio.safetensors"

  /// The content of `model.json`.
  struct Description: Codable {
    var formatVersion: Int
    var configuration: SynthesizerConfiguration
    var encoder: TableEncoder
    var derived: DerivedFeatures
    var schema: Schema
    var outline: TrainingOutline
    var conditions: ConditionFrequencies?
    var seed: UInt64
    var training: TrainingMetrics
    /// The calibration of the density ratio, where there is one.
    var ratioSlope: Float?
    /// Its corrections by the table's marginals, where there are any.
    var raking: Raking?
    /// How candidates are accepted, where there is a density ratio.
    var acceptance: Acceptance?
    /// Ties the weight files to this description.
    var weights: String
  }

  /// Just enough to learn the version before anything else is decoded.
  private struct Version: Decodable {
    var formatVersion: Int
  }

  static func read(_ folder: String) throws -> Description {
    let path = folder + "/" + description
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ModelError.notFound(folder: folder)
    }
    return try decode(data, path: path, folder: folder)
  }

  /// Decodes a description and checks it.
  static func decode(_ data: Data, path: String, folder: String) throws -> Description {
    let decoder = TableEncoder.jsonDecoder()
    do {
      let version = try decoder.decode(Version.self, from: data).formatVersion
      if version > formatVersion {
        throw ModelError.laterVersion(folder: folder, found: version, supported: formatVersion)
      }
      if version < formatVersion {
        throw ModelError.earlierVersion(folder: folder, found: version, supported: formatVersion)
      }
      let description = try decoder.decode(Description.self, from: data)
      if let validationProblem = description.validationProblem {
        throw ModelError.damaged(file: path, problem: validationProblem)
      }
      return description
    } catch let error as DecodingError {
      throw ModelError.damaged(file: path, problem: Self.explain(error))
    }
  }

  static func write(_ description: Description, to folder: String) throws {
    let encoder = TableEncoder.jsonEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      try AtomicFile.write(
        try encoder.encode(description), to: folder + "/" + Self.description, followsLinks: false)
    } catch let error as FileError {
      throw ModelError.unwritable(path: error.path, reason: error.reason)
    }
  }

  /// Reads a file of weights.
  ///
  /// - Parameters:
  ///   - token: the token that the file must contain.
  ///   - shapes: the tensors that the file must have.
  static func readWeights(
    _ file: String, in folder: String, token: String, shapes: [TensorShape]
  ) throws -> [String: Tensor] {
    let path = folder + "/" + file
    let weights: Safetensors
    do {
      weights = try Safetensors(contentsOf: path)
    } catch {
      throw ModelError.damaged(file: path, problem: "\(error)")
    }
    guard weights.metadata["model"] == token else {
      throw ModelError.damaged(
        file: path, problem: "its weights belong to another training run than \(description)")
    }
    do {
      try TensorShape.require(shapes, in: weights.tensors)
    } catch {
      throw ModelError.damaged(file: path, problem: "\(error)")
    }
    return weights.tensors
  }

  /// The problem with its location, such as "encoder.columns[3].name".
  static func explain(_ error: DecodingError) -> String {
    func location(_ path: [any CodingKey]) -> String {
      let text = path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
      return "'\(text.hasPrefix(".") ? String(text.dropFirst()) : text)'"
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(location(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      // Syntax errors have no coding path.
      return context.codingPath.isEmpty
        ? "it cannot be read as JSON: \(context.debugDescription)"
        : "\(location(context.codingPath)): \(context.debugDescription)"
    @unknown default: return "\(error)"
    }
  }
}
