import Foundation
import NeuralNetworks
import Tabular

/// The folder a model lives in: weights as safetensors, everything else in `model.json`.
///
/// `model.json` is written last, so a folder without it holds no model and one with it is complete.
enum ModelFile {
  /// Raised whenever a reader of the format before could no longer make sense of the folder.
  static let formatVersion = 3

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
    var schema: Schema
    var outline: TrainingOutline
    var conditions: ConditionFrequencies?
    var seed: UInt64
    var training: TrainingMetrics
    /// The calibration of the density ratio, where there is one.
    var ratioSlope: Float?
    /// Its corrections by the table's margins, where there are any.
    var raking: Raking?
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
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      let version = try decoder.decode(Version.self, from: data).formatVersion
      if version > formatVersion {
        throw ModelError.laterVersion(folder: folder, found: version, supported: formatVersion)
      }
      if version < formatVersion {
        throw ModelError.earlierVersion(folder: folder, found: version, supported: formatVersion)
      }
      return try decoder.decode(Description.self, from: data)
    } catch let error as DecodingError {
      throw ModelError.damaged(file: path, problem: Self.explain(error))
    }
  }

  static func write(_ description: Description, to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try AtomicFile.write(try encoder.encode(description), to: folder + "/" + Self.description)
  }

  static func readWeights(_ file: String, in folder: String, token: String) throws
    -> [String: Tensor]
  {
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
    return weights.tensors
  }

  private static func explain(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not valid JSON"
        : "'\(context.codingPath.map(\.stringValue).joined(separator: "."))': \(context.debugDescription)"
    @unknown default: "\(error)"
    }
  }
}
