/// The training step here and in other frameworks, as `bench train` found it.
struct TrainingReport: Codable, Equatable {
  /// A framework that took part.
  struct Framework: Codable, Equatable {
    let name: String
    let version: String
  }

  /// How long a step took on one side.
  struct Side: Codable, Equatable {
    let name: String
    let samples: Int
    let medianSeconds: Double
    let minimumSeconds: Double
    let spread: Double
    /// The largest difference of a loss from ours as a share of what rounding allows; below 1.
    let distance: Double
  }

  /// A cell on all sides.
  struct Line: Codable, Equatable {
    let cell: TrainingCell
    /// The dense operations of a step, the same count for every side.
    let floatingPointOperations: Double
    let ours: Side
    let peers: [Side]

    var bestPeer: Side? { peers.min { $0.medianSeconds < $1.medianSeconds } }
    /// The time of the fastest peer over ours: below 1 it is a loss.
    var ratio: Double? { bestPeer.map { $0.medianSeconds / ours.medianSeconds } }

    /// A side's rate over the peak, in operations per second.
    func share(_ side: Side, of peak: Double) -> Double {
      floatingPointOperations / side.medianSeconds / peak
    }
  }

  /// Operations per second at the best sample of the arithmetic limit of its threads.
  func peak(in limits: [MeasuredLimit]) -> Double? {
    limits.first { $0.kind == .arithmetic && $0.threads == threads }?.best
  }

  let threads: Int
  let frameworks: [Framework]
  let lines: [Line]
  /// How often a side of ours began although threads of this process did not rest.
  let disturbedSamples: Int
}
