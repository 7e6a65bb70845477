// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ResultFile {
  /// As JSON with a line for each measurement, so that two versions can be compared by eye.
  func json() throws -> String {
    let runs = try self.runs.map { try Self.json($0) }.joined(separator: ",\n")
    return "{\n\"format\": \(format),\n\"runs\": [\n\(runs)\n]\n}\n"
  }

  private static func json(_ run: BenchResult) throws -> String {
    var fields = [
      ("date", try text(run.date)), ("machine", try text(run.machine)),
      ("build", try text(run.build)), ("settings", try text(run.settings)),
      ("limits", try lines(run.limits)), ("latencies", try lines(run.latencies)),
      ("operations", try lines(run.operations)), ("stressCases", try lines(run.stressCases)),
    ]
    if let peers = run.peers { fields.append(("peers", try json(peers))) }
    if let training = run.training { fields.append(("training", try json(training))) }
    return object(fields)
  }

  private static func json(_ report: ComparisonReport<some ComparedCell>) throws -> String {
    var fields = [("peers", try lines(report.peers))]
    if let runtime = report.runtime { fields.append(("runtime", try text(runtime))) }
    fields += [
      ("disturbedSamples", try text(report.disturbedSamples)), ("lines", try lines(report.lines)),
    ]
    return object(fields)
  }

  private static func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ",\n  ") + "}"
  }

  private static func text(_ value: some Encodable) throws -> String {
    String(decoding: try JSONEncoder.benchResults.encode(value), as: UTF8.self)
  }

  private static func lines(_ values: [some Encodable]) throws -> String {
    values.isEmpty
      ? "[]" : "[\n    " + (try values.map { try text($0) }.joined(separator: ",\n    ")) + "\n  ]"
  }
}

extension JSONEncoder {
  /// Sorted keys, dates by ISO 8601; the error of a wrong result may be no number.
  static var benchResults: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension JSONDecoder {
  /// Reads what ``JSONEncoder/benchResults`` writes.
  static var benchResults: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
