// SPDX-License-Identifier: Apache-2.0

/// Work that is timed on several sides.
protocol ComparedCell: Codable, Equatable, Sendable {
  /// What is done, for example `forward`.
  var operationName: String { get }
  /// How large it is, for example `500x256>256`.
  var shape: String { get }
}

/// Ours beside other implementations of the same work, whose samples were taken in turn.
struct ComparisonReport<Cell: ComparedCell>: Codable, Equatable {
  struct Peer: Codable, Equatable {
    let name: String
    let version: String
    /// The kernels that it chose on this processor, in its own words, where it says so.
    var kernels: String?
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
    /// The interquartile range over the median.
    let spread: Double
    /// The distance from our first side's result, as a share of what rounding allows; below 1.
    let distance: Double

    init(
      _ name: String, isOurs: Bool, isPacked: Bool = false, _ summary: SampleSummary,
      distance: Double
    ) {
      self.name = name
      self.isOurs = isOurs
      self.isPacked = isPacked
      samples = summary.samples
      medianSeconds = summary.medianSeconds
      minimumSeconds = summary.minimumSeconds
      spread = summary.spread
      self.distance = distance.roundedToSignificant
    }
  }

  /// A cell on some threads: all sides of it.
  struct Line: Codable, Equatable {
    let cell: Cell
    let threads: Int
    /// The same count for every side.
    let floatingPointOperations: Double
    let sides: [Side]

    /// Our best entry: packed where there is something to pack.
    var ours: Side? { sides.first { $0.isOurs } }
    /// Our row-major entry, packing included, where it is another one.
    var oursPlain: Side? { sides.dropFirst().first { $0.isOurs && !$0.isPacked } }
    /// The fastest peer of all.
    var bestPeer: Side? { Self.fastest(sides.filter { !$0.isOurs }) }
    /// The fastest peer that takes row-major weights, where we have such an entry too.
    var bestPlainPeer: Side? {
      oursPlain == nil ? nil : Self.fastest(sides.filter { !$0.isOurs && !$0.isPacked })
    }

    /// The time of the fastest peer over ours: above 1 we are ahead, below 1 it is a loss.
    var ratio: Double? { ratio(bestPeer, over: ours) }
    /// The same between entries that take row-major weights.
    var plainRatio: Double? { ratio(bestPlainPeer, over: oursPlain) }

    /// The larger spread of ours and the best peer's, which are the two that the ratio is of.
    var spread: Double { [ours, bestPeer].compactMap { $0?.spread }.max() ?? 0 }

    func side(_ name: String) -> Side? { sides.first { $0.name == name } }

    /// Floating-point operations per second.
    func rate(_ side: Side) -> Double { floatingPointOperations / side.medianSeconds }

    func ratio(_ peer: Side?, over ours: Side?) -> Double? {
      guard let peer, let ours else { return nil }
      return peer.medianSeconds / ours.medianSeconds
    }

    private static func fastest(_ sides: [Side]) -> Side? {
      sides.min { $0.medianSeconds < $1.medianSeconds }
    }
  }

  let peers: [Peer]
  /// The OpenMP runtime that the threads of all sides belonged to, where they shared one.
  var runtime: String?
  /// How often a side began although threads of this process were still running.
  let disturbedSamples: Int
  let lines: [Line]

  var threadCounts: [Int] { Set(lines.map(\.threads)).sorted() }

  /// The names of the sides in the order in which they first appear.
  var sideNames: [String] {
    var names: [String] = []
    for name in lines.flatMap(\.sides).map(\.name) where !names.contains(name) {
      names.append(name)
    }
    return names
  }
}
