// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The values that the positions of a categorical span stand for.
public struct CategoryValues: Sendable {
  /// Every category once, a missing value included where there is one.
  public let values: Column
  /// The values as texts; a missing one is "".
  public let names: [String]
  /// The position of each value in the span; the categories of a group share one.
  public let positions: [Int]
}
