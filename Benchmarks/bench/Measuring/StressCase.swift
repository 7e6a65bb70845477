// SPDX-License-Identifier: Apache-2.0

/// A call under unusual conditions beside the same call under usual ones, with the ratio of times
/// that is acceptable.
struct StressCase {
  /// For example `denormals`.
  let name: String
  let call: String
  /// The largest acceptable ratio.
  let target: Double
  let usual: any Workload
  let unusual: any Workload

  var label: String { "\(name) \(call)" }
}

/// What a stress case was measured to cost.
struct MeasuredStressCase: Codable, Equatable {
  let name: String
  let call: String
  let usualSeconds: Double
  let unusualSeconds: Double
  /// The median of the rounds' ratios. Both samples of a round are taken one after the other.
  let ratio: Double
  let target: Double
  /// The interquartile range of the ratios over their median.
  let spread: Double

  /// False also if the ratio is not a number.
  var isWithinTarget: Bool { ratio <= target }

  /// From the samples of each round.
  init(_ stressCase: StressCase, usual: [Double], unusual: [Double]) {
    name = stressCase.name
    call = stressCase.call
    target = stressCase.target
    usualSeconds = SampleSummary(usual).medianSeconds
    unusualSeconds = SampleSummary(unusual).medianSeconds
    let ratios = SampleSummary(zip(unusual, usual).map { $0 / $1 })
    ratio = ratios.medianSeconds
    spread = ratios.spread
  }
}
