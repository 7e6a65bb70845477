// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The training history of a run, as read back from its file.
struct HistorySeries {
  var steps: [Double] = []
  var discriminatorLoss: [Double] = []
  var generatorLoss: [Double] = []
  var probabilityReal: [Double] = []
  var probabilityGenerated: [Double] = []

  init(contentsOf path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(
        .missingInput, "\(path): the history of a run is missing",
        hint: "remove the run's folder; the same command makes it again")
    }
    for (i, line) in String(decoding: data, as: UTF8.self).split(separator: "\n").enumerated() {
      if i == 0 && line == HistoryFile.header { continue }
      let fields = line.split(separator: ",").map { Double($0) ?? .nan }
      guard fields.count == 8, !fields.contains(where: \.isNaN) else {
        throw CommandFailure(
          .data, "\(path):\(i + 1): this is not a line of a training history",
          hint: "remove the run's folder; the same command makes it again")
      }
      steps.append(fields[0])
      discriminatorLoss.append(fields[4])
      generatorLoss.append(fields[5])
      probabilityReal.append(fields[6])
      probabilityGenerated.append(fields[7])
    }
  }
}
