// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

extension TableEncoder {
  /// How encoders are encoded as JSON, including infinities, which occur as missing keys of a
  /// dependency.
  package static func jsonEncoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  /// How encoders are decoded from JSON.
  package static func jsonDecoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  /// This encoder after a round trip through the form of a model file.
  ///
  /// Finds anything that a reader would reject before a network is trained on it. O(size of the
  /// file).
  ///
  /// - Throws: ``TabularError/encoding(_:)`` that names the column.
  func readBack() throws(TabularError) -> TableEncoder {
    let read: TableEncoder
    do {
      read = try Self.jsonDecoder().decode(TableEncoder.self, from: Self.jsonEncoder().encode(self))
    } catch {
      throw .encoding(
        "\(Self.location(of: error, in: columnNames))cannot be stored and read again: \(Self.problem(error)) (declare the column as another kind; this should not happen: please report it)"
      )
    }
    guard read == self else {
      let column =
        zip(read.columns, columns).first { $0 != $1 }.map { "column '\($1.name)' " } ?? ""
      throw .encoding(
        "\(column)is not the same when it is stored and read again (this should not happen: please report it)"
      )
    }
    return read
  }

  private static func context(_ error: any Error) -> DecodingError.Context? {
    switch error as? DecodingError {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .keyNotFound(_, let context), .dataCorrupted(let context):
      context
    default: nil
    }
  }

  private static func location(of error: any Error, in names: [String]) -> String {
    guard let path = context(error)?.codingPath, path.first?.stringValue == "columns",
      let index = path.dropFirst().first?.intValue, names.indices.contains(index)
    else { return "a relation of the columns " }
    return "column '\(names[index])' "
  }

  private static func problem(_ error: any Error) -> String {
    context(error).map {
      ($0.codingPath.last.map { "'\($0.stringValue)': " } ?? "") + $0.debugDescription
    } ?? "\(error)"
  }
}
