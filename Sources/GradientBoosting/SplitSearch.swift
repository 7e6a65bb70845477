// SPDX-License-Identifier: Apache-2.0

/// Sums over rows: of gradients, of second derivatives, and their number.
struct GradientSums: Sendable {
  var gradient = 0.0
  var hessian = 0.0
  var rows = 0.0

  static func + (a: GradientSums, b: GradientSums) -> GradientSums {
    GradientSums(
      gradient: a.gradient + b.gradient, hessian: a.hessian + b.hessian, rows: a.rows + b.rows)
  }

  static func - (a: GradientSums, b: GradientSums) -> GradientSums {
    GradientSums(
      gradient: a.gradient - b.gradient, hessian: a.hessian - b.hessian, rows: a.rows - b.rows)
  }

  init(gradient: Double = 0, hessian: Double = 0, rows: Double = 0) {
    self.gradient = gradient
    self.hessian = hessian
    self.rows = rows
  }

  init(_ entry: SIMD4<Float>) {
    self.init(gradient: Double(entry.x), hessian: Double(entry.y), rows: Double(entry.z))
  }

  /// The step that minimizes the second-order loss of these rows.
  func leafValue(l2: Double) -> Double { -gradient / (hessian + l2) }

  /// Twice the loss that this step takes away.
  func gain(l2: Double) -> Double { gradient * gradient / (hessian + l2) }
}

/// The best way found to divide the rows of a leaf.
struct Split: Sendable {
  var gain: Double
  var feature: Int
  var left: BinSet
  var leftSums: GradientSums
  var rightSums: GradientSums
  /// Regularization that goes into the values of the two leaves.
  var l2: Double
}

/// Finds the best division of a leaf by one feature from its histogram, whose entries hold
/// (gradient, hessian, rows, 0) for each bin.
struct SplitSearch {
  let options: BoostingOptions
  let total: GradientSums

  private func isAllowed(_ left: GradientSums, _ right: GradientSums) -> Bool {
    let minimum = Double(options.minimumLeafRows)
    return left.rows >= minimum && right.rows >= minimum
      && left.hessian >= options.minimumLeafHessian && right.hessian >= options.minimumLeafHessian
  }

  /// The split of the greatest gain above `floor`, or nil.
  func best(
    _ histogram: UnsafePointer<SIMD4<Float>>, bins: FeatureBins, feature: Int, above floor: Double
  ) -> Split? {
    if bins.isCategory {
      return category(histogram, bins.binCount, feature: feature, above: floor)
    }
    return numeric(histogram, bins.binCount, feature: feature, above: floor)
  }

  // MARK: Numbers

  private func numeric(
    _ histogram: UnsafePointer<SIMD4<Float>>, _ binCount: Int, feature: Int, above floor: Double
  ) -> Split? {
    let present = binCount - 1
    let missing = GradientSums(histogram[present])
    let parent = total.gain(l2: options.l2)
    var bestGain = floor
    var best: (bin: Int, left: GradientSums, missingLeft: Bool)?
    // With missing values in the leaf they are tried on either side; without, unknown ones follow
    // the greater child.
    for missingLeft in missing.rows > 0 ? [false, true] : [false] {
      var left = missingLeft ? missing : GradientSums()
      let end = missing.rows > 0 && !missingLeft ? present : present - 1
      for bin in 0..<max(end, 0) {
        let entry = histogram[bin]
        if entry.z == 0 { continue }
        left = left + GradientSums(entry)
        let right = total - left
        if right.rows < Double(options.minimumLeafRows) { break }
        guard isAllowed(left, right) else { continue }
        let (hl, hr) = (left.hessian + options.l2, right.hessian + options.l2)
        let gain =
          (left.gradient * left.gradient * hr + right.gradient * right.gradient * hl) / (hl * hr)
          - parent
        if gain > bestGain {
          bestGain = gain
          best = (bin, left, missingLeft)
        }
      }
    }
    guard let best else { return nil }
    let right = total - best.left
    var set = BinSet()
    for bin in 0...best.bin { set.insert(bin) }
    if missing.rows > 0 ? best.missingLeft : best.left.rows >= right.rows { set.insert(present) }
    return Split(
      gain: bestGain, feature: feature, left: set, leftSums: best.left, rightSums: right,
      l2: options.l2)
  }

  // MARK: Categories

  private func category(
    _ histogram: UnsafePointer<SIMD4<Float>>, _ binCount: Int, feature: Int, above floor: Double
  ) -> Split? {
    let parent = total.gain(l2: options.l2)
    if binCount - 1 <= options.oneAgainstRestCategories {
      return oneAgainstRest(histogram, binCount, feature: feature, parent: parent, above: floor)
    }
    // Fisher (1958): the best division into two sets is a cut of the categories in the order of
    // their mean gradients. Smoothing and a cap keep rare categories from being fitted to noise.
    let l2 = options.l2 + options.categoryL2
    let order = (1..<binCount)
      .filter { Double(histogram[$0].z) >= options.categorySmoothing }
      .map { bin -> (bin: Int, key: Double) in
        let sums = GradientSums(histogram[bin])
        return (bin, sums.gradient / (sums.hessian + options.categorySmoothing))
      }
      .sorted { ($0.key, $0.bin) < ($1.key, $1.bin) }
      .map(\.bin)
    let longest = min(options.maxSetCategories, (order.count + 1) / 2)
    var bestGain = floor
    var best: (bins: ArraySlice<Int>, left: GradientSums)?
    for categories in [order, order.reversed()] {
      var left = GradientSums()
      var sinceLast = 0.0
      for length in 1...max(longest, 1) where length <= categories.count {
        let sums = GradientSums(histogram[categories[length - 1]])
        left = left + sums
        sinceLast += sums.rows
        let right = total - left
        if right.rows < max(Double(options.minimumLeafRows), options.minimumGroupRows) { break }
        guard isAllowed(left, right), sinceLast >= options.minimumGroupRows else { continue }
        sinceLast = 0
        let gain = left.gain(l2: l2) + right.gain(l2: l2) - parent
        if gain > bestGain {
          bestGain = gain
          best = (categories.prefix(length), left)
        }
      }
    }
    guard let best else { return nil }
    var set = BinSet()
    for bin in best.bins { set.insert(bin) }
    return Split(
      gain: bestGain, feature: feature, left: set, leftSums: best.left,
      rightSums: total - best.left, l2: l2)
  }

  private func oneAgainstRest(
    _ histogram: UnsafePointer<SIMD4<Float>>, _ binCount: Int, feature: Int, parent: Double,
    above floor: Double
  ) -> Split? {
    var best: Split?
    var bestGain = floor
    for bin in 1..<max(binCount, 1) {
      let left = GradientSums(histogram[bin])
      let right = total - left
      guard isAllowed(left, right) else { continue }
      let gain = left.gain(l2: options.l2) + right.gain(l2: options.l2) - parent
      if gain > bestGain {
        bestGain = gain
        var set = BinSet()
        set.insert(bin)
        best = Split(
          gain: gain, feature: feature, left: set, leftSums: left, rightSums: right,
          l2: options.l2)
      }
    }
    return best
  }
}
