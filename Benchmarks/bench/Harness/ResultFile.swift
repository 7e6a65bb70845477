import Foundation

/// The runs that were measured on machines of one kind, oldest first: a file that grows.
struct ResultFile: Codable, Equatable {
  static let currentFormat = 2

  var format = ResultFile.currentFormat
  var runs: [BenchResult] = []

  /// The runs of a file.
  static func read(_ path: String) throws(ResultFileFailure) -> ResultFile {
    guard FileManager.default.fileExists(atPath: path) else {
      throw ResultFileFailure(path: path, text: "no such file; `bench run --json FILE` writes one")
    }
    let file: ResultFile
    do {
      file = try JSONDecoder.benchResults.decode(
        ResultFile.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch is DecodingError {
      throw ResultFileFailure(
        path: path, text: "this is not a results file as written by `bench run --json FILE`")
    } catch {
      throw ResultFileFailure(path: path, text: "cannot be read: \(error.localizedDescription)")
    }
    guard file.format == currentFormat else {
      throw ResultFileFailure(path: path, text: "format \(file.format), not \(currentFormat)")
    }
    return file
  }

  /// Appends a run to a file, or begins one.
  static func append(_ run: BenchResult, to path: String) throws {
    var file = ResultFile()
    if FileManager.default.fileExists(atPath: path) { file = try read(path) }
    file.runs.append(run)
    try Data(file.json().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  /// As JSON with a line for each measurement, so that two versions can be compared by eye.
  func json() throws -> String {
    let runs = try self.runs.map { try Self.json($0) }.joined(separator: ",\n")
    return "{\n\"format\": \(format),\n\"runs\": [\n\(runs)\n]\n}\n"
  }

  private static func json(_ run: BenchResult) throws -> String {
    let encoder = JSONEncoder.benchResults
    func text(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    func lines(_ values: [some Encodable]) throws -> String {
      values.isEmpty
        ? "[]" : "[\n    " + (try values.map(text).joined(separator: ",\n    ")) + "\n  ]"
    }
    var fields = [
      ("date", try text(run.date)), ("machine", try text(run.machine)),
      ("build", try text(run.build)), ("settings", try text(run.settings)),
      ("limits", try lines(run.limits)), ("latencies", try lines(run.latencies)),
      ("operations", try lines(run.operations)),
    ]
    if let circumstances = run.circumstances {
      fields.append(("circumstances", try lines(circumstances)))
    }
    if let peers = run.peers {
      let report = [
        ("runtime", try text(peers.runtime)), ("libraries", try lines(peers.libraries)),
        ("disturbedSamples", try text(peers.disturbedSamples)), ("lines", try lines(peers.lines)),
      ]
      fields.append(
        ("peers", "{" + report.map { "\"\($0)\": \($1)" }.joined(separator: ",\n  ") + "}"))
    }
    if let training = run.training {
      let report = [
        ("threads", try text(training.threads)), ("frameworks", try lines(training.frameworks)),
        ("disturbedSamples", try text(training.disturbedSamples)),
        ("lines", try lines(training.lines)),
      ]
      fields.append(
        ("training", "{" + report.map { "\"\($0)\": \($1)" }.joined(separator: ",\n  ") + "}"))
    }
    return "{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ",\n  ") + "}"
  }
}

/// A file that does not hold results, or not those asked for.
struct ResultFileFailure: Error, CustomStringConvertible {
  let path: String
  let text: String
  var description: String { "\(path): \(text)" }
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
