// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The history of an interrupted run on disk, which may be damaged.
package struct HistoryReading {
  /// The valid lines of steps up to the last one, in order.
  package private(set) var lines: [String] = []
  /// The problem, if there is one.
  package private(set) var problem: String?

  /// - Parameter lastStep: later lines are dropped, since their steps are repeated.
  init(contentsOf path: String, upTo lastStep: Int) {
    let data = FileManager.default.contents(atPath: path)
    self.init(String(decoding: data ?? Data(), as: UTF8.self), upTo: lastStep)
    if data == nil { problem = "the history of the interrupted run is missing" }
  }

  package init(_ text: String, upTo lastStep: Int) {
    let rows = text.split(separator: "\n", omittingEmptySubsequences: false)
    if rows.first.map(String.init) != HistoryFile.header {
      problem = "line 1 is not the header of a history"
    }
    var last = 0
    // The text after the last line feed is an incomplete line.
    for (index, row) in rows.dropFirst().dropLast().enumerated() {
      guard let step = Self.step(of: row), step > last else {
        problem = problem ?? "line \(index + 2) is damaged: '\(row.prefix(60))'"
        continue
      }
      if step > lastStep { break }
      let missing = (last + 1..<step).first(where: HistoryFile.keeps)
      if let missing { problem = problem ?? "step \(missing) is missing" }
      last = step
      lines.append(String(row))
    }
    if last < lastStep, let missing = (last + 1...lastStep).first(where: HistoryFile.keeps) {
      problem = problem ?? "step \(missing) is missing"
    }
  }

  /// The step of a line; nil if the line is not valid.
  private static func step(of row: Substring) -> Int? {
    let fields = row.split(separator: ",", omittingEmptySubsequences: false)
    guard fields.count == HistoryFile.header.split(separator: ",").count,
      fields.prefix(3).allSatisfy({ Int($0).map { $0 > 0 } ?? false }),
      fields.dropFirst(3).allSatisfy({ Double($0) != nil })
    else { return nil }
    return Int(fields[0])
  }
}
