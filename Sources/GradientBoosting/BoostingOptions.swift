// SPDX-License-Identifier: Apache-2.0

/// The settings of gradient-boosted trees; the defaults are the usual ones of LightGBM (Ke and
/// others, 2017) but for the learning rate.
package struct BoostingOptions: Sendable {
  /// Trees of each output.
  package var rounds = 200
  /// The factor on the values of leaves.
  package var learningRate = 0.05
  /// Limit on the number of leaves of a tree.
  package var leaves = 31
  /// The fewest rows of a leaf.
  package var minimumLeafRows = 20
  /// The least sum of second derivatives in a leaf.
  package var minimumLeafHessian = 1e-3
  /// Added to the sum of second derivatives in the values of leaves and in gains.
  package var l2 = 0.0

  // MARK: Categories

  /// Up to this many categories, one category at a time is compared with the others.
  package var oneAgainstRestCategories = 4
  /// Added to a category's second derivatives where categories are put in order; categories of
  /// fewer rows stay out of the order.
  package var categorySmoothing = 10.0
  /// Added to `l2` in splits by sets of categories.
  package var categoryL2 = 10.0
  /// The most categories of a set.
  package var maxSetCategories = 32
  /// Rows by which a set must grow before it is tried again.
  package var minimumGroupRows = 100.0

  package init(rounds: Int = 200) { self.rounds = rounds }
}
