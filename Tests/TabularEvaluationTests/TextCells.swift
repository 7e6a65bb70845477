// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// Builds a table of text cells as they stand in a file, which is the hardest form to evaluate:
/// what each column is has to be found out from its text.
enum TextCells {
  /// Reads comma-separated lines without quotes.
  static func read(_ data: Data) throws -> Table {
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    let names = lines[0].split(separator: ",", omittingEmptySubsequences: false)
    var columns = names.map { _ in Dictionary<Substring, Int32>() }
    var codes = names.map { _ in [Int32]() }
    var categories = names.map { _ in [String]() }
    for line in lines.dropFirst() {
      for (index, cell) in line.split(separator: ",", omittingEmptySubsequences: false).enumerated()
      {
        if cell.isEmpty {
          codes[index].append(-1)
          continue
        }
        let next = Int32(categories[index].count)
        let code = columns[index][cell] ?? next
        if code == next {
          columns[index][cell] = code
          categories[index].append(String(cell))
        }
        codes[index].append(code)
      }
    }
    return try Table(
      columns: names.indices.map {
        Column(name: String(names[$0]), values: .text(codes: codes[$0], categories: categories[$0]))
      })
  }

  static func column(_ name: String, _ cells: [String?]) -> Column {
    var categories: [String] = []
    let codes = cells.map { cell -> Int32 in
      guard let cell else { return -1 }
      if let known = categories.firstIndex(of: cell) { return Int32(known) }
      categories.append(cell)
      return Int32(categories.count - 1)
    }
    return Column(name: name, values: .text(codes: codes, categories: categories))
  }
}
