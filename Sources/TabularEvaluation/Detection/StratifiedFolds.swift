// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Divides rows into folds that hold equal shares of each class.
enum StratifiedFolds {
  /// The fold 0..<count of each row.
  ///
  /// O(n).
  static func assign(_ classes: [Bool], count: Int, seed: UInt64) -> [Int] {
    var fold = [Int](repeating: 0, count: classes.count)
    for (purpose, value) in [false, true].enumerated() {
      let members = classes.indices.filter { classes[$0] == value }
      var generator = SplitMix64(seed: seed, purpose: EvaluationPurpose.folds + UInt64(purpose))
      for (position, index) in generator.permutation(members.count).enumerated() {
        fold[members[index]] = position % count
      }
    }
    return fold
  }
}
