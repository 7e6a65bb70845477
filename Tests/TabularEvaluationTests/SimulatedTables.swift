// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEvaluation
import TaxiTrips
import SeededRandom

/// Trips from the simulator, and tables that are wrong about them in known ways.
enum SimulatedTables {
  static let train = TripSimulator(seed: 1).table(rows: 0..<6000)
  static let holdout = TripSimulator(seed: 2).table(rows: 0..<3000)
  static let fresh = TripSimulator(seed: 3).table(rows: 0..<3000)

  /// The table with the numbers of some columns replaced.
  static func changing(
    _ table: Table, _ names: [String], _ change: (Int, Double) -> Double
  ) throws -> Table {
    try Table(
      columns: table.columns.map { column in
        guard names.contains(column.name), case .number(let values) = column.values else {
          return column
        }
        return Column(
          name: column.name, values: .number(values.enumerated().map { change($0, $1) }))
      })
  }

  /// Train rows, each column shuffled by itself.
  static func shuffled(_ table: Table, rows: Int, columns: Set<String>? = nil) throws -> Table {
    try Table(
      columns: table.columns.enumerated().map { index, column in
        let isShuffled = columns?.contains(column.name) ?? true
        var generator = SplitMix64(seed: 4, purpose: isShuffled ? UInt64(index) + 1 : 0)
        return column.selecting(Array(generator.permutation(column.count).prefix(rows)))
      })
  }

  /// Noise of at most `size`, different from row to row.
  static func noise(_ row: Int, _ size: Double) -> Double {
    size * (Double((row * 7919) % 2001) / 1000 - 1)
  }
}
