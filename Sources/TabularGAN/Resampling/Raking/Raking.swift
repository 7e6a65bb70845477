// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import WorkSharing

/// Corrections to a density ratio that give the chosen rows the marginals of the real table: raking
/// (Deming and Stephan, "On a least squares adjustment of a sampled frequency table when the
/// expected marginal totals are known", 1940), with sampling weights in place of counts.
///
/// An estimated ratio errs a little everywhere, and the best of many candidates is where it errs
/// most; the marginals show it, and can be counted exactly.
package struct Raking: Sendable, Codable, Equatable {
  /// Two marginals whose groups of cells together have corrections.
  package struct Pair: Sendable, Codable, Equatable {
    package var first: Int
    package var second: Int
    /// By group of the first marginal, then of the second.
    package var logarithms: [Float]
  }

  package var marginals: [Marginal]
  /// For each marginal the corrections by cell, natural logarithms.
  package var logarithms: [[Float]]
  package var pairs: [Pair]

  /// What to add to the logarithm of each row's density ratio. O(rows x (marginals + pairs)).
  package func logarithms(of rows: CountedRows, threads: Int = 1) -> [Float] {
    var sums = [Float](repeating: 0, count: rows.table.rowCount)
    let cells = Self.cells(of: rows, marginals, threads: threads)
    for (marginal, own) in cells.enumerated() {
      logarithms[marginal].withUnsafeBufferPointer { logarithms in
        for row in sums.indices { sums[row] += logarithms[Int(own[row])] }
      }
    }
    for pair in pairs {
      let table = CrossTable(marginals[pair.first], marginals[pair.second])
      let positions = table.cells(cells[pair.first], cells[pair.second])
      pair.logarithms.withUnsafeBufferPointer { logarithms in
        for row in sums.indices { sums[row] += logarithms[Int(positions[row])] }
      }
    }
    return sums
  }

  /// For each marginal the cell of each row.
  static func cells(of rows: CountedRows, _ marginals: [Marginal], threads: Int) -> [[UInt16]] {
    nonisolated(unsafe) let rows = rows
    return parallelMap(marginals.count, threads: threads) { marginals[$0].cells(of: rows) }
  }
}

extension Raking {
  /// Decodes corrections; those that do not fit their marginals are refused.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    marginals = try container.decode([Marginal].self, forKey: .marginals)
    logarithms = try container.decode([[Float]].self, forKey: .logarithms)
    pairs = try container.decode([Pair].self, forKey: .pairs)
    let marginals = marginals
    guard logarithms.map(\.count) == marginals.map(\.cellCount),
      pairs.allSatisfy({ pair in
        marginals.indices.contains(pair.first) && marginals.indices.contains(pair.second)
          && marginals[pair.first].subject.isPaired && marginals[pair.second].subject.isPaired
          && pair.logarithms.count
            == CrossTable(marginals[pair.first], marginals[pair.second]).count
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
