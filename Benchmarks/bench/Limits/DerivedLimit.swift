// SPDX-License-Identifier: Apache-2.0

/// The least time of a kernel that computes element by element, and what it waits for.
struct DerivedLimit {
  let seconds: Double
  let bound: Bound
  /// The name of a measured limit.
  let name: String

  /// The longest of moving the operands and of each kind of instruction; nil where a limit of the
  /// machine was not measured.
  init?(
    bytes: Double, level: String, instructions: InstructionCount, instructionSet: String,
    threads: Int, limits: [MeasuredLimit]
  ) {
    func rate(_ kind: MeasuredLimit.Kind, _ name: String) -> Double? {
      limits.first { $0.kind == kind && $0.name == name && $0.threads == threads }?.best
    }
    func instruction(_ kind: InstructionProbe.Kind) -> (name: String, rate: Double)? {
      let name = "\(kind.rawValue), \(instructionSet)"
      return rate(.instructions, name).map { (name, $0) }
    }
    guard let traffic = rate(.copy, level),
      // A multiply-add counts two operations on each lane.
      let multiplyAdd = rate(.arithmetic, instructionSet).map({ $0 / 32 }),
      let wide = instruction(.wideMultiply), let divide = instruction(.divide),
      let root = instruction(.root), let any = instruction(.any)
    else { return nil }
    let divisions = instructions.divisions / divide.rate
    let roots = instructions.roots / root.rate
    let times: [(seconds: Double, bound: Bound, name: String)] = [
      (bytes / traffic, .memory, level),
      (instructions.multiplies / multiplyAdd, .instructions, instructionSet),
      (instructions.wideMultiplies / wide.rate, .instructions, wide.name),
      // Both take the same unit.
      (divisions + roots, .instructions, divisions > roots ? divide.name : root.name),
      (instructions.all / any.rate, .instructions, any.name),
    ]
    guard let longest = times.max(by: { $0.seconds < $1.seconds }) else { return nil }
    (seconds, bound, name) = longest
  }
}
