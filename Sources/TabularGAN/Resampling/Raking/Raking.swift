import Foundation
import Tabular
import WorkSharing

/// Corrections to a density ratio that give the chosen rows the margins of the real table: raking
/// (Deming and Stephan, "On a least squares adjustment of a sampled frequency table when the
/// expected marginal totals are known", 1940), with sampling weights in place of counts.
///
/// An estimated ratio errs a little everywhere, and the best of many candidates is where it errs
/// most; the margins show it, and can be counted exactly.
package struct Raking: Sendable, Codable, Equatable {
  /// Two margins whose groups of cells together have corrections.
  package struct Pair: Sendable, Codable, Equatable {
    package var first: Int
    package var second: Int
    /// By group of the first margin, then of the second.
    package var logarithms: [Float]
  }

  package var margins: [Margin]
  /// For each margin the corrections by cell, natural logarithms.
  package var logarithms: [[Float]]
  package var pairs: [Pair]

  /// What to add to the logarithm of each row's density ratio. O(rows x (margins + pairs)).
  package func logarithms(of rows: CountedRows, threads: Int = 1) -> [Float] {
    var sums = [Float](repeating: 0, count: rows.table.rowCount)
    let cells = Self.cells(of: rows, margins, threads: threads)
    for (margin, own) in cells.enumerated() {
      logarithms[margin].withUnsafeBufferPointer { logarithms in
        for row in sums.indices { sums[row] += logarithms[Int(own[row])] }
      }
    }
    for pair in pairs {
      let table = CrossTable(margins[pair.first], margins[pair.second])
      let places = table.cells(cells[pair.first], cells[pair.second])
      pair.logarithms.withUnsafeBufferPointer { logarithms in
        for row in sums.indices { sums[row] += logarithms[Int(places[row])] }
      }
    }
    return sums
  }

  /// For each margin the cell of each row.
  static func cells(of rows: CountedRows, _ margins: [Margin], threads: Int) -> [[UInt16]] {
    nonisolated(unsafe) let rows = rows
    return parallelMap(margins.count, threads: threads) { margins[$0].cells(of: rows) }
  }
}

extension Raking {
  /// Decodes corrections; those that do not fit their margins are refused.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    margins = try container.decode([Margin].self, forKey: .margins)
    logarithms = try container.decode([[Float]].self, forKey: .logarithms)
    pairs = try container.decode([Pair].self, forKey: .pairs)
    let margins = margins
    guard logarithms.map(\.count) == margins.map(\.cellCount),
      pairs.allSatisfy({ pair in
        margins.indices.contains(pair.first) && margins.indices.contains(pair.second)
          && margins[pair.first].subject.isPaired && margins[pair.second].subject.isPaired
          && pair.logarithms.count
            == CrossTable(margins[pair.first], margins[pair.second]).count
      })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .logarithms, in: container,
        debugDescription: "there must be a correction for each cell")
    }
    guard (logarithms + pairs.map(\.logarithms)).joined().allSatisfy(\.isFinite) else {
      throw DecodingError.dataCorruptedError(
        forKey: .logarithms, in: container, debugDescription: "a correction must be finite")
    }
  }
}
