import CBenchProbes
import CKernels

/// The same call in usual and in unusual circumstances, and how many times as long the second may
/// take.
struct Circumstance {
  /// For example `denormals`.
  let name: String
  let call: String
  let bar: Double
  let usual: any Workload
  let unusual: any Workload

  var label: String { "\(name) \(call)" }
}

/// A call that gathers its threads itself, outside of any session.
struct RegionWorkload: Workload {
  let label: String
  let call: () throws -> Void

  func seconds(iterations: Int) throws -> Double {
    try call()
    let start = probe_nanoseconds()
    for _ in 0..<iterations { try call() }
    return Double(probe_nanoseconds() - start) * 1e-9
  }
}

/// What an unusual circumstance was measured to cost.
struct MeasuredCircumstance: Codable, Equatable {
  let name: String
  let call: String
  let usualSeconds: Double
  let unusualSeconds: Double
  /// The median of the rounds' ratios, the two samples of a round being near each other in time.
  let ratio: Double
  let bar: Double
  /// The distance of the ratios' quartiles over their median.
  let spread: Double

  /// False also if the ratio is not a number.
  var isWithinBar: Bool { ratio <= bar }

  /// From the samples of each round.
  init(_ circumstance: Circumstance, usual: [Double], unusual: [Double]) {
    name = circumstance.name
    call = circumstance.call
    bar = circumstance.bar
    usualSeconds = SampleSummary(usual).medianSeconds
    unusualSeconds = SampleSummary(unusual).medianSeconds
    let ratios = SampleSummary(zip(unusual, usual).map { $0 / $1 })
    ratio = ratios.medianSeconds
    spread = ratios.spread
  }
}
