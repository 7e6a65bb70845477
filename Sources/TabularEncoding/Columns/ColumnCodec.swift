// SPDX-License-Identifier: Apache-2.0

import Tabular

/// One column of a fitted ``TableEncoder``: how it is stored, how it is encoded, and where in the
/// encoded row.
package struct ColumnCodec: Sendable, Equatable {
  /// How a column is held in memory.
  enum Storage: Sendable, Equatable {
    case number, datetime
    case text(categories: [String])
  }

  package let name: String
  let storage: Storage
  package var encoder: FittedColumnEncoder
  /// Makes the keys of an `id` column.
  var identifiers: IdentifierSequence?

  /// A column of a table as this encoder's numbers: text by its place among the fitted categories.
  ///
  /// - Throws: ``TabularError/encoding(_:)`` for another type, or a text that was not fitted.
  package func values(of column: Column) throws(TabularError) -> [Double] {
    switch (storage, column.values) {
    case (.number, .number(let values)), (.datetime, .datetime(let values)):
      return values.array
    case (.text(let categories), .text(let codes, let other)):
      if identifiers != nil || categories == other { return column.encodableNumbers }
      let index = Dictionary(zip(categories, 0...), uniquingKeysWith: { first, _ in first })
      let indices = other.map { index[$0].map(Double.init) }
      var values = [Double](repeating: .nan, count: codes.count)
      for (row, code) in codes.enumerated() where code >= 0 {
        guard let position = indices[Int(code)] else {
          throw .unknownCategory(other[Int(code)], row: row).ofColumn(name)
        }
        values[row] = position
      }
      return values
    default:
      throw .encoding("is of another type than the one that was fitted").ofColumn(name)
    }
  }

  /// Generated values as a column.
  ///
  /// - Parameters:
  ///   - rows: the number of each row, which keys are made from; nil for missing keys.
  ///   - seed: together with the row number, determines the keys.
  func column(_ values: [Double], rows: [Int]?, seed: UInt64) -> Column {
    if let identifiers {
      guard let rows else { return identifiers.missing(name: name, count: values.count) }
      return identifiers.column(name: name, rows: rows, seed: seed)
    }
    switch storage {
    case .number: return Column(name: name, values: .number(values))
    case .datetime: return Column(name: name, values: .datetime(values))
    case .text(let categories):
      return Column(
        name: name,
        values: .text(codes: values.map { $0.isNaN ? -1 : Int32($0) }, categories: categories))
    }
  }

  /// The text of a category; "" for a missing value, "like" its most frequent one for a group.
  func text(_ category: EncodedCategory) -> String {
    switch category {
    case .missing: return ""
    case .named(let name): return name
    case .values(let values): return "like " + text(.value(values[0]))
    case .value(let value):
      if case .text(let categories) = storage { return categories[Int(value)] }
      return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
  }
}

extension ColumnCodec: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, storage, categories, encoder, identifiers
  }

  private enum StorageType: String, Codable { case number, datetime, text }

  /// Decodes a column; places beyond the list of texts are refused.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    encoder = try container.decode(FittedColumnEncoder.self, forKey: .encoder)
    identifiers = try container.decodeIfPresent(IdentifierSequence.self, forKey: .identifiers)
    if identifiers != nil {
      guard case .constant = encoder else {
        throw DecodingError.dataCorruptedError(
          forKey: .encoder, in: container,
          debugDescription: "a column of keys takes no place in the encoded row")
      }
    }
    switch try container.decode(StorageType.self, forKey: .storage) {
    case .number: storage = .number
    case .datetime: storage = .datetime
    case .text:
      let categories = try container.decode([String].self, forKey: .categories)
      let indices: [Double] =
        switch encoder {
        case .category(let encoder): encoder.values
        case .constant(let encoder): encoder.value.map { [$0] } ?? []
        default: [-1]
        }
      guard
        identifiers != nil
          || indices.allSatisfy({ $0 >= 0 && $0 < Double(categories.count) && $0 == $0.rounded() }),
        categories.count <= Int(Int32.max)
      else {
        throw DecodingError.dataCorruptedError(
          forKey: .categories, in: container, debugDescription: "a category has no text")
      }
      storage = .text(categories: categories)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(self.encoder, forKey: .encoder)
    try container.encodeIfPresent(identifiers, forKey: .identifiers)
    switch storage {
    case .number: try container.encode(StorageType.number, forKey: .storage)
    case .datetime: try container.encode(StorageType.datetime, forKey: .storage)
    case .text(let categories):
      try container.encode(StorageType.text, forKey: .storage)
      try container.encode(categories, forKey: .categories)
    }
  }
}
