// SPDX-License-Identifier: Apache-2.0

import AtomicFiles
import Foundation

/// Reads and writes schemas as JSON files, in the project's own format or as SDV metadata (reading
/// only).
///
/// The project's format is `{"version": 1, "columns": [{"name": ..., "kind": ...}, ...]}`. Only
/// name and kind of a column are required, so that a schema can be written by hand.
public enum SchemaFile {
  static let version = 1

  private struct Content: Decodable {
    var version: Int
    var columns: [ColumnSchema]
    var dialect: CSVDialect?
  }

  /// The content to write; notes are ignored when a schema is read.
  private struct NotedContent: Encodable {
    var version: Int
    var columns: [ColumnSchema]
    var dialect: CSVDialect?
    var notes: [SchemaNote]?
  }

  /// Reads a schema in either format.
  ///
  /// - Throws: ``TabularError`` that describes the problem with the file.
  public static func read(_ path: String) throws(TabularError) -> Schema {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .file(path: path, reason: "the schema cannot be read", hint: "check the path")
    }
    // Files without this key are not parsed as SDV metadata, so each file is parsed only once.
    if data.range(of: Data("METADATA_SPEC_VERSION".utf8)) != nil {
      let object: Any
      do {
        object = try JSONSerialization.jsonObject(with: data)
      } catch {
        throw notJSON(error, path: path)
      }
      if let root = object as? [String: Any], root["METADATA_SPEC_VERSION"] != nil {
        return try SDVMetadata(path: path, root: root).schema()
      }
    }
    return try decode(data, path: path)
  }

  private static func notJSON(_ error: any Error, path: String) -> TabularError {
    let detail = (error as NSError).userInfo["NSDebugDescription"] as? String
    return .malformed(
      path: path, line: nil, problem: "this is not valid JSON: \(detail ?? "\(error)")",
      hint: "a schema is what 'inspect --json' prints")
  }

  private static func decode(_ data: Data, path: String) throws(TabularError) -> Schema {
    let hint = "a schema is what 'inspect --json' prints"
    do {
      let content = try JSONDecoder().decode(Content.self, from: data)
      guard content.version <= version else {
        throw TabularError.malformed(
          path: path, line: nil, problem: "the schema has version \(content.version)",
          hint: "this program reads up to version \(version): update it")
      }
      var names: Set<String> = []
      for column in content.columns where !names.insert(column.name).inserted {
        throw TabularError.malformed(
          path: path, line: nil, problem: "column '\(column.name)' occurs twice", hint: hint)
      }
      return Schema(columns: content.columns, dialect: content.dialect ?? CSVDialect())
    } catch let error as TabularError {
      throw error
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
      throw notJSON(context.underlyingError ?? DecodingError.dataCorrupted(context), path: path)
    } catch DecodingError.typeMismatch(_, let context) where context.codingPath.isEmpty {
      throw .malformed(path: path, line: nil, problem: "a schema is a JSON object", hint: hint)
    } catch {
      throw .malformed(path: path, line: nil, problem: explain(error), hint: hint)
    }
  }

  private static func explain(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    func location(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
      (context.codingPath + (key.map { [$0] } ?? []))
        .map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
    }
    switch error {
    case .keyNotFound(let key, let context): return "\(location(context, key)) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      return "\(location(context)): \(context.debugDescription)"
    @unknown default: return "\(error)"
    }
  }

  /// The JSON text of a schema, with sorted keys.
  ///
  /// - Parameter notes: notes to include; nil omits the key.
  public static func json(_ schema: Schema, notes: [SchemaNote]? = nil) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(
      NotedContent(
        version: version, columns: schema.columns,
        dialect: schema.dialect == CSVDialect() ? nil : schema.dialect, notes: notes))
      + Data("\n".utf8)
  }

  /// Writes a schema, atomically.
  public static func write(
    _ schema: Schema, to path: String, followsLinks: Bool = true
  ) throws {
    do {
      try AtomicFile.write(json(schema), to: path, followsLinks: followsLinks)
    } catch let error as FileError {
      throw TabularError(error)
    }
  }
}

extension ColumnSchema {
  private enum CodingKeys: String, CodingKey {
    case name, headerText, kind, storedType, numberFormat, datetimeFormat, missingShare,
      missingText,
      otherMissingTexts, padding, distinctCount, minimum, maximum, pointMasses
  }

  /// Decodes a column; only name and kind are required.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let kindName = try container.decode(String.self, forKey: .kind)
    guard let kind = ColumnKind(rawValue: kindName) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container,
        debugDescription: "'\(kindName)' is not a kind (one of "
          + ColumnKind.allCases.map(\.rawValue).joined(separator: ", ") + ")")
    }
    self.init(name: try container.decode(String.self, forKey: .name), kind: kind)
    headerText = try container.decodeIfPresent(String.self, forKey: .headerText)
    storedType = try container.decodeIfPresent(StoredType.self, forKey: .storedType)
    numberFormat = try container.decodeIfPresent(NumberFormat.self, forKey: .numberFormat)
    datetimeFormat = try container.decodeIfPresent(DatetimeFormat.self, forKey: .datetimeFormat)
    if let format = datetimeFormat, DatetimePattern(format) == nil {
      throw DecodingError.dataCorruptedError(
        forKey: .datetimeFormat, in: container,
        debugDescription:
          "'\(format.pattern)' is not a pattern of a date or a time of day, such as yyyy-MM-dd HH:mm:ss"
      )
    }
    missingShare = try container.decodeIfPresent(Double.self, forKey: .missingShare) ?? 0
    missingText = try container.decodeIfPresent(String.self, forKey: .missingText) ?? ""
    otherMissingTexts =
      try container.decodeIfPresent([MissingText.Share].self, forKey: .otherMissingTexts) ?? []
    guard otherMissingTexts.allSatisfy({ (0...1).contains($0.share) }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .otherMissingTexts, in: container, debugDescription: "a share is not in 0...1")
    }
    padding =
      try container.decodeIfPresent(FieldPadding.self, forKey: .padding) ?? FieldPadding()
    distinctCount = try container.decodeIfPresent(Int.self, forKey: .distinctCount) ?? 0
    let minimum = try container.decodeIfPresent(Double.self, forKey: .minimum)
    let maximum = try container.decodeIfPresent(Double.self, forKey: .maximum)
    if let minimum, let maximum {
      guard minimum <= maximum else {
        throw DecodingError.dataCorruptedError(
          forKey: .minimum, in: container, debugDescription: "the least value is above the greatest"
        )
      }
      range = minimum...maximum
    }
    pointMasses = try container.decodeIfPresent([PointMass].self, forKey: .pointMasses) ?? []
  }

  /// Encodes all properties that are set.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encodeIfPresent(headerText, forKey: .headerText)
    try container.encode(kind, forKey: .kind)
    try container.encodeIfPresent(storedType, forKey: .storedType)
    try container.encodeIfPresent(numberFormat, forKey: .numberFormat)
    try container.encodeIfPresent(datetimeFormat, forKey: .datetimeFormat)
    try container.encode(missingShare, forKey: .missingShare)
    try container.encode(missingText, forKey: .missingText)
    if !otherMissingTexts.isEmpty {
      try container.encode(otherMissingTexts, forKey: .otherMissingTexts)
    }
    if !padding.isNone { try container.encode(padding, forKey: .padding) }
    try container.encode(distinctCount, forKey: .distinctCount)
    try container.encodeIfPresent(range?.lowerBound, forKey: .minimum)
    try container.encodeIfPresent(range?.upperBound, forKey: .maximum)
    try container.encode(pointMasses, forKey: .pointMasses)
  }
}
