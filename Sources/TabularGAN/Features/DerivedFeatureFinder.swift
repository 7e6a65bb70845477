// SPDX-License-Identifier: Apache-2.0

import Foundation
import TabularEncoding
import Tabular

/// Chooses the derived features of a table.
///
/// - For each two places: the straight line between them, the ways east and north, and the ratio to
///   it of every quantity that goes up with it (rank correlation of at least 0.5).
/// - The ratios of other quantities that go together (at least 0.7), the closest first.
/// - What quantities are beyond a linear function of two others (``ResidualSearch``).
///
/// The search uses at most 4,000 evenly spaced rows and, for more than 128 quantities, only the
/// pairs selected by ``ColumnPairs``.
package struct DerivedFeatureFinder {
  private static let sampleSize = 4000
  private static let minRows = 200
  private static let maxLocationPairs = 3
  private static let maxRatios = 8
  private static let withDistance = 0.5
  private static let together = 0.7
  /// Sizes are linear below this share of the median, logarithmic above.
  private static let linearShare = 0.05

  let table: Table
  let columns: [ColumnCodec]
  let relations: [ColumnRelation]

  func features() -> DerivedFeatures {
    guard table.rowCount >= Self.minRows else { return .none }
    let rows = Self.sampleRows(table.rowCount)
    let sample = table.selecting(rows: rows)
    let locations = locations
    let quantities = quantities(rows)
    let ranked = quantities.map { RankedColumn($0.values) }
    var forms: [DerivedFeatures.Form] = []
    var latitudes: [Double] = []
    var longitudes: [Double] = []
    var pairs = 0
    for (i, from) in locations.enumerated() {
      for to in locations[(i + 1)...] where pairs < Self.maxLocationPairs {
        pairs += 1
        let (start, end) = (LocationColumns(from), LocationColumns(to))
        let line = start.straightLine(to: end, in: sample)!
        let starts = start.values(in: sample)!
        let known = line.indices.filter { !line[$0].isNaN }
        latitudes += known.map { starts.latitudes[$0] }
        longitudes += known.map { starts.longitudes[$0] }
        let scale = scale(line)
        guard scale > 0 else { continue }
        let operand = DerivedFeatures.Operand.straightLine(
          from: from.target, to: to.target, scale: scale)
        forms += [
          .size(operand),
          .east(from: from.target, to: to.target, scale: scale),
          .north(from: from.target, to: to.target, scale: scale),
        ]
        let rankedLine = RankedColumn(line)
        for ((quantity, values), ranked) in zip(quantities, ranked)
        where ranked.correlation(with: rankedLine) >= Self.withDistance {
          forms.append(
            .ratio(.quantity(column: quantity, scale: self.scale(values)), to: operand))
        }
      }
    }
    forms += ratios(quantities, ranked) + residuals(quantities)
    return DerivedFeatures(
      features: forms.map { DerivedFeatures.Feature(form: $0) },
      origin: DerivedFeatures.Origin(latitude: median(latitudes), longitude: median(longitudes)))
  }

  /// Evenly spaced rows.
  static func sampleRows(_ count: Int) -> [Int] {
    let size = min(count, sampleSize)
    return (0..<size).map { $0 * count / size }
  }

  /// Places that a network sees as two scalars.
  private var locations: [ConditionalRank] {
    func isScalar(_ name: String) -> Bool {
      columns.contains { $0.name == name && SoftValue($0.encoder, offset: 0) != nil }
    }
    return relations.compactMap { relation in
      guard case .rank(let rank) = relation, isScalar(rank.given), isScalar(rank.target) else {
        return nil
      }
      return rank
    }
  }

  /// Quantities that a network sees as a scalar, with their values in the sample.
  private func quantities(_ rows: [Int]) -> [(name: String, values: [Double])] {
    let coordinates = relations.flatMap { relation -> [String] in
      if case .rank(let rank) = relation { [rank.given, rank.target] } else { [] }
    }
    return columns.compactMap { column in
      guard !coordinates.contains(column.name), SoftValue(column.encoder, offset: 0) != nil else {
        return nil
      }
      let values = table[column.name]!.selecting(rows).encodableNumbers
      guard let relation = relations.first(where: { $0.target == column.name }) else {
        return (column.name, values)
      }
      // A charge by rules is not a number until its rule is applied.
      guard case .sum = relation else { return nil }
      let parts = relation.parts.map { table[$0]!.selecting(rows).encodableNumbers }
      return (column.name, relation.residual(target: values, parts: parts))
    }
  }

  private func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
  }

  /// Where a size passes from linear to logarithmic.
  private func scale(_ values: [Double]) -> Double {
    let sizes = values.filter { !$0.isNaN && $0 != 0 }.map(abs).sorted()
    return sizes.isEmpty ? 0 : sizes[sizes.count / 2] * Self.linearShare
  }

  private func ratios(
    _ quantities: [(name: String, values: [Double])], _ ranked: [RankedColumn]
  ) -> [DerivedFeatures.Form] {
    var found: [(correlation: Double, form: DerivedFeatures.Form)] = []
    for (i, partners) in ColumnPairs(of: ranked).partners.enumerated() {
      let a = quantities[i]
      for j in partners {
        let b = quantities[j]
        let correlation = ranked[i].correlation(with: ranked[j])
        guard correlation >= Self.together else { continue }
        found.append(
          (
            correlation,
            .ratio(
              .quantity(column: a.name, scale: scale(a.values)),
              to: .quantity(column: b.name, scale: scale(b.values)))
          ))
      }
    }
    return found.sorted { $0.correlation > $1.correlation }.prefix(Self.maxRatios).map(\.form)
  }

  /// Of the quantities, and of their logarithms.
  private func residuals(
    _ quantities: [(name: String, values: [Double])]
  ) -> [DerivedFeatures.Form] {
    let scales = quantities.map { scale($0.values) }
    let logarithms = zip(quantities, scales).map { quantity, scale in
      (name: quantity.name, values: quantity.values.map { scale > 0 ? asinh($0 / scale) : .nan })
    }
    return [(quantities, false), (logarithms, true)].flatMap { quantities, isLogarithmic in
      ResidualSearch(quantities: quantities).planes().map { target, parts, plane in
        let members = [target, parts.0, parts.1]
        return .residual(
          DerivedFeatures.Residual(
            columns: members.map { quantities[$0].name },
            scales: isLogarithmic ? members.map { scales[$0] } : [],
            intercept: plane.intercept, slopes: [plane.slopes.0, plane.slopes.1],
            spread: plane.spread))
      }
    }
  }
}
