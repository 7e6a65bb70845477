// SPDX-License-Identifier: Apache-2.0

import Foundation

extension SynthesizerConfiguration {
  /// The configuration with one setting replaced, by its path in the configuration's JSON form (the
  /// one that `model.json` holds): `"discriminator.hidden"` to `"[512, 512]"`,
  /// `"generatorOptimizer.adam.learningRate"` to `"5e-4"`. Anything but JSON is a string.
  ///
  /// - Throws: ``TrainingError/configuration(_:)`` where there is no such setting, or it does not
  ///   take such a value.
  public func setting(_ path: String, to value: String) throws -> SynthesizerConfiguration {
    let document = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(self))
    let new =
      (try? JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed))
      ?? value
    let keys = path.split(separator: ".").map(String.init)
    guard !keys.isEmpty else { throw TrainingError.configuration("a setting needs a name") }
    let changed = try Self.replacing(keys, of: document, by: new, path: path)
    do {
      let configuration = try JSONDecoder().decode(
        SynthesizerConfiguration.self, from: JSONSerialization.data(withJSONObject: changed))
      try configuration.validate()
      return configuration
    } catch is DecodingError {
      throw TrainingError.configuration("'\(path)' does not take '\(value)'")
    }
  }

  private static func replacing(
    _ keys: [String], of document: Any, by value: Any, path: String
  ) throws -> Any {
    guard let key = keys.first else { return value }
    guard var object = document as? [String: Any],
      let inner = object[key] ?? (optionalSettings.contains(key) ? NSNull() : nil)
    else {
      let known = (document as? [String: Any])?.keys.sorted().joined(separator: ", ")
      throw TrainingError.configuration(
        "there is no setting '\(path)'" + (known.map { " ('\(key)' is none of \($0))" } ?? ""))
    }
    object[key] = try replacing(Array(keys.dropFirst()), of: inner, by: value, path: path)
    return object
  }

  /// Settings that are left out of the JSON form where they are nil.
  private static let optionalSettings: Set = ["averaging", "resampling"]
}
