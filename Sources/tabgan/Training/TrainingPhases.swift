// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The phases of a training command and their durations.
struct TrainingPhases: Codable {
  /// The phases in order; only the steps are bounded by `--minutes`.
  enum Phase: String, CaseIterable, CodingKey, Codable {
    case reading
    case encoding
    case steps
    /// Learning the density ratio used to select rows.
    case densityRatio
    /// Correcting it by the table's marginals.
    case raking
    case saving
    /// Checking the finished model for copied rows and for collapse.
    case checking

    /// The name of the phase in messages.
    var title: String {
      switch self {
      case .reading: "reading"
      case .encoding: "encoding"
      case .steps: "steps"
      case .densityRatio: "density ratio"
      case .raking: "raking"
      case .saving: "saving"
      case .checking: "checking the model"
      }
    }
  }

  private(set) var seconds: [Phase: Double] = [:]
  private var current: Phase?
  private var begun = ContinuousClock.now

  /// Ends the current phase and begins another.
  mutating func begin(_ phase: Phase?) {
    let now = ContinuousClock.now
    if let current { seconds[current, default: 0] += (now - begun) / .seconds(1) }
    begun = now
    current = phase
  }

  /// Begins a phase unless it is the current one.
  mutating func beginOnce(_ phase: Phase) {
    if current != phase { begin(phase) }
  }

  /// Seconds since the current phase began.
  var elapsed: Double { (ContinuousClock.now - begun) / .seconds(1) }

  init() {}

  /// A line of the summary with all durations.
  var text: String {
    "time: "
      + Phase.allCases.compactMap { phase in
        seconds[phase].map { "\(phase.title) \(NumberText.seconds($0))" }
      }.joined(separator: ", ")
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Phase.self)
    for phase in container.allKeys {
      seconds[phase] = try container.decode(Double.self, forKey: phase)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Phase.self)
    for (phase, value) in seconds {
      try container.encode((value * 1000).rounded() / 1000, forKey: phase)
    }
  }
}
