// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The runs that were measured on one machine, oldest first: a file that grows.
struct ResultFile: Codable, Equatable {
  static let currentFormat = 3

  var format = ResultFile.currentFormat
  var runs: [BenchResult] = []

  /// The key of the machine, whose runs these are; nil without runs.
  var machineKey: String? { runs.first?.machine.key }

  /// The runs of a file.
  static func read(_ path: String) throws(ResultFileFailure) -> ResultFile {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw ResultFileFailure(path: path, text: "no such file; `bench run --json FILE` writes one")
    }
    if isFolder.boolValue { throw ResultFileFailure(path: path, text: "is a folder") }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw ResultFileFailure(path: path, text: "cannot be read: \(systemMessage(error))")
    }
    let file: ResultFile
    do {
      // Another format may lack what this one has, so the number comes first.
      let format = try JSONDecoder().decode(FormatNumber.self, from: data).format
      guard format == currentFormat else {
        throw ResultFileFailure(
          path: path, text: "has format \(format), but this version reads format \(currentFormat)")
      }
      file = try JSONDecoder.benchResults.decode(ResultFile.self, from: data)
    } catch let failure as ResultFileFailure {
      throw failure
    } catch {
      throw ResultFileFailure(
        path: path, text: "is not a results file as written by `bench run --json FILE`")
    }
    let keys = Set(file.runs.map(\.machine.key)).sorted()
    guard keys.count <= 1 else {
      throw ResultFileFailure(
        path: path,
        text: "mixes runs of different machines (\(keys.joined(separator: ", "))); a file holds "
          + "the runs of one machine")
    }
    return file
  }

  /// The runs of a file to which runs of a machine can be appended; none if there is no file yet.
  static func read(
    _ path: String, toAppendRunsOf machine: Machine
  ) throws(ResultFileFailure) -> ResultFile {
    guard FileManager.default.fileExists(atPath: path) else { return ResultFile() }
    let file = try read(path)
    if let key = file.machineKey, key != machine.key {
      throw ResultFileFailure(
        path: path,
        text: "holds runs of another machine (\(key), this one is \(machine.key)); name another "
          + "file, or a folder, in which each machine gets a file of its own")
    }
    return file
  }

  /// Appends a run to a file, or begins one.
  static func append(_ run: BenchResult, to path: String) throws {
    var file = try read(path, toAppendRunsOf: run.machine)
    file.runs.append(run)
    try OutputFile.write(try file.json(), to: path)
  }

  private struct FormatNumber: Decodable {
    let format: Int
  }
}
