import Foundation

/// Ours beside other libraries, as far as a run found some.
struct PeerReport: Codable, Equatable {
  struct Library: Codable, Equatable {
    let name: String
    let version: String
    /// The kernels that it chose on this processor, in its own words.
    let kernels: String
  }

  /// How long one side took.
  struct Side: Codable, Equatable {
    let name: String
    let isOurs: Bool
    /// Whether the weights were packed before the time began.
    let isPacked: Bool
    let samples: Int
    let medianSeconds: Double
    let minimumSeconds: Double
    let spread: Double
    /// The distance from our packed result, as a share of what rounding allows; below 1.
    let distance: Double
  }

  /// An operation at a shape on some threads: all sides of it.
  struct Line: Codable, Equatable {
    let operation: DenseProblem.Operation
    let shape: String
    let threads: Int
    let floatingPointOperations: Double
    let sides: [Side]

    /// Our best entry: packed where there is something to pack.
    var ours: Side? { sides.first { $0.isOurs } }
    /// Our row-major entry, packing included, where it is another one.
    var oursPlain: Side? { sides.dropFirst().first { $0.isOurs && !$0.isPacked } }
    /// The fastest peer of all.
    var bestPeer: Side? {
      sides.filter { !$0.isOurs }.min { $0.medianSeconds < $1.medianSeconds }
    }
    /// The fastest peer that takes row-major weights as they are.
    var bestPlainPeer: Side? {
      guard oursPlain != nil else { return nil }
      return sides.filter { !$0.isOurs && !$0.isPacked }
        .min { $0.medianSeconds < $1.medianSeconds }
    }

    /// The time of the fastest peer over ours: above 1 we are ahead, below 1 it is a loss.
    var ratio: Double? { Self.ratio(bestPeer, ours) }
    /// The same between entries that take row-major weights.
    var plainRatio: Double? { Self.ratio(bestPlainPeer, oursPlain) }

    private static func ratio(_ peer: Side?, _ ours: Side?) -> Double? {
      guard let peer, let ours else { return nil }
      return peer.medianSeconds / ours.medianSeconds
    }
  }

  /// The OpenMP runtime that all sides' threads belonged to.
  let runtime: String
  let libraries: [Library]
  let lines: [Line]
  /// How often a side began although threads of the one before did not rest.
  let disturbedSamples: Int
}

/// The geometric mean, which treats a ratio and its inverse alike; nil of nothing, or where a value
/// has no logarithm.
func geometricMean(_ values: [Double]) -> Double? {
  guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
  return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}
