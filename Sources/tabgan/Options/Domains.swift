// SPDX-License-Identifier: Apache-2.0

import Tabular
import TaxiTrips

/// The domains that this command knows. A further one is added here.
enum Domains {
  static let all: [any TableDomain] = [TaxiDomain()]

  /// The simulator of the first domain that has one.
  static func simulator(seed: UInt64) -> any TableSimulator {
    guard let found = all.lazy.compactMap({ $0.simulator(seed: seed) }).first else {
      preconditionFailure("one of the domains has a simulator")
    }
    return found
  }

  /// The first domain whose rows are journeys that a table has the coordinates of.
  static func journey(
    in table: Table
  ) -> (domain: any TableDomain, columns: [String])? {
    for domain in all {
      let found = (domain.journey?.names ?? []).compactMap { name in
        table.columns.first { $0.name.lowercased() == name && $0.numbers != nil }?.name
      }
      if !found.isEmpty, found.count == domain.journey?.names.count { return (domain, found) }
    }
    return nil
  }
}
