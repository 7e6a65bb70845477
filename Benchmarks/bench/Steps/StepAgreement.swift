// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore

/// Whether a peer's step is ours: the losses of three steps from the same weights on the same
/// batch.
///
/// The first loss proves the forward passes and the penalty, the generator's the discriminator's
/// gradients and Adam, the second step's the generator's.
struct StepAgreement {
  static let steps = 3
  private let bounds: [Double]
  private let ours: [Double]

  /// - Parameter ours: our losses, the discriminator's and the generator's of each step.
  init(_ cell: StepCell, ours: [StepLosses]) {
    self.ours = ours.flatMap { [Double($0.discriminator), Double($0.generator)] }
    bounds = self.ours.enumerated().map { index, loss in
      Self.bound(cell, passes: index + 1, loss: loss)
    }
  }

  /// What rounding can do to a loss behind `passes` passes through the networks.
  ///
  /// A sum of K products in any order carries an error of λ √K u times the size of its terms with
  /// probability 1 - 2 exp(-λ²/2) (Higham and Mary 2019); λ = 6 makes that a certainty. Errors of
  /// the layers one after the other add as their squares do: √(sum of K). Terms are of order 1 as
  /// the initial weights keep them, the penalty's ten times that; both sides err.
  ///
  /// The critic's last bias has no gradient (mean(1) - mean(1)), of which rounding leaves a trace
  /// that Adam turns into a step of up to its rate: it moves the generator's loss and no other.
  private static func bound(_ cell: StepCell, passes: Int, loss: Double) -> Double {
    let depth = StepCell.noiseWidth + cell.packWidth + 4 * cell.hidden
    let roundoff = Double(Float.ulpOfOne) / 2
    let rounding = 2 * 6 * Double(passes * depth).squareRoot() * roundoff * (1 + abs(loss))
    let isMoved = cell.objective == .wassersteinPenalty && passes % 2 == 0
    return rounding + (isMoved ? 2 * Double(StepCell.learningRate) * Double(passes / 2) : 0)
  }

  /// The largest difference as a share of what rounding allows; infinite for losses that are
  /// missing or no numbers.
  func distance(of losses: [Double]) -> Double {
    guard losses.count == ours.count, !ours.isEmpty else { return .infinity }
    var largest = 0.0
    for (index, loss) in losses.enumerated() {
      let distance = abs(loss - ours[index]) / bounds[index]
      guard distance.isFinite else { return .infinity }
      largest = max(largest, distance)
    }
    return largest
  }

  /// Gives every peer the problem and compares its first steps with ours.
  ///
  /// - Throws: `StepPeerFailure` for a peer that does something else.
  static func distances(
    of peers: [StepPeer], from problem: StepProblem, in context: ComputeContext
  ) throws -> [Double] {
    guard !peers.isEmpty else { return [] }
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("bench-train-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: file) }
    try problem.write(to: file.path, in: context)
    let step = try OwnStep(problem, in: context)
    let agreement = StepAgreement(problem.cell, ours: try (0..<steps).map { _ in try step.run() })
    return try peers.map { peer in
      try peer.prepare(problem.cell, file: file.path)
      let distance = agreement.distance(of: try peer.losses(steps: steps))
      guard distance < 1 else {
        throw StepPeerFailure(
          peer: peer.name,
          text: "the losses of \(problem.cell.label) differ from ours by "
            + "\(Format.significant(distance)) times what rounding allows")
      }
      return distance
    }
  }
}
