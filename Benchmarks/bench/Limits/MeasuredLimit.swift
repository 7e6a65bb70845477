// SPDX-License-Identifier: Apache-2.0

/// A limit of the machine as measured in a run.
struct MeasuredLimit: Codable, Equatable {
  enum Kind: String, Codable { case arithmetic, instructions, copy, load, store }
  /// The kinds that move bytes.
  enum Traffic: String, CaseIterable { case copy, load, store }

  let kind: Kind
  /// The instruction set of an arithmetic limit, the kind of instruction and the set, or the level
  /// of memory.
  let name: String
  let threads: Int
  /// Operations (of instructions: on 16 lanes) or bytes per second at the median sample.
  let median: Double
  /// The same at the best sample.
  let best: Double
  let spread: Double

  init(_ probe: ArithmeticProbe, _ summary: SampleSummary) {
    self.init(
      .arithmetic, probe.instructionSet.name, probe.threads, probe.operations, summary)
  }

  init(_ probe: InstructionProbe, _ summary: SampleSummary) {
    self.init(.instructions, probe.name, probe.threads, probe.operations, summary)
  }

  init(_ probe: TrafficProbe, _ summary: SampleSummary) {
    let kind: Kind =
      switch probe.traffic {
      case .copy: .copy
      case .load: .load
      case .store: .store
      }
    self.init(kind, probe.level, probe.threads, probe.bytes, summary)
  }

  /// - Parameter amount: operations or bytes of one call.
  private init(
    _ kind: Kind, _ name: String, _ threads: Int, _ amount: Double, _ summary: SampleSummary
  ) {
    self.kind = kind
    self.name = name
    self.threads = threads
    median = (amount / summary.medianSeconds).roundedToSignificant
    best = (amount / summary.minimumSeconds).roundedToSignificant
    spread = summary.spread
  }
}

extension Sequence<MeasuredLimit> {
  /// Floating-point operations per second at the best sample of the arithmetic limit, of the only
  /// instruction set of a run that compares with peers.
  func peak(threads: Int) -> Double? {
    first { $0.kind == .arithmetic && $0.threads == threads }?.best
  }
}
