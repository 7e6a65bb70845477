// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks

/// One of the two networks that a run trains.
public enum TrainedNetwork: String, Sendable, Codable, CaseIterable {
  case generator, discriminator
}

/// A step of one network that was skipped, since numbers left the range of half precision.
public struct OverflowNotice: Sendable, Equatable {
  /// The network whose step was skipped.
  public let network: TrainedNetwork
  /// Steps of this network that were skipped so far.
  public let skippedSteps: Int
  /// What its loss is multiplied by from now on.
  public let lossScale: Float
  /// Whether its products are of `Float`s from now on.
  public let fallsBack: Bool
}

/// What a network trained in half precision does when numbers leave its range: it skips the step
/// and halves the scale of its loss. A scale below 1 would mean that scaling is not what overflows:
/// then the network continues in single precision.
struct OverflowPolicy: Sendable, Equatable, Codable {
  private(set) var scale: LossScale
  /// Whether products are still of half precision.
  private(set) var isActive = true

  init(scale: LossScale = LossScale()) { self.scale = scale }

  /// What the loss is multiplied by.
  var factor: Float { isActive ? scale.factor : 1 }

  mutating func noteCleanStep() {
    if isActive { scale.noteCleanStep() }
  }

  /// - Returns: whether the network has to fall back to single precision.
  mutating func noteOverflow() -> Bool {
    scale.noteOverflow()
    guard isActive && scale.factor < 1 else { return false }
    isActive = false
    return true
  }
}

extension GANTrainer {
  /// What the loss of a network is multiplied by; 1 except in half precision.
  func lossFactor(of network: TrainedNetwork) -> Float { overflow[network]?.factor ?? 1 }

  /// Undoes the loss's scale and says whether the optimizer may take the step. A step whose loss or
  /// gradients are not finite is skipped as long as one of the networks multiplies halves.
  func admitsStep(of network: TrainedNetwork, loss: Float) -> Bool {
    guard overflow.values.contains(where: \.isActive), var policy = overflow[network] else {
      return true
    }
    defer { overflow[network] = policy }
    let layer = layer(of: network)
    if LossScale.unscale(layer.parameters, by: policy.factor) && loss.isFinite {
      policy.noteCleanStep()
      return true
    }
    let fallsBack = policy.noteOverflow()
    if fallsBack { layer.useSinglePrecision() }
    overflowNotices.append(
      OverflowNotice(
        network: network, skippedSteps: policy.scale.skippedSteps, lossScale: policy.factor,
        fallsBack: fallsBack))
    return false
  }

  /// Restores what a resumed run had learned about its range.
  func restoreOverflow(_ saved: [TrainedNetwork: OverflowPolicy]) {
    // With `automatic`, another machine may have begun the run in another precision.
    guard !overflow.isEmpty else { return }
    overflow.merge(saved) { $1 }
    for (network, policy) in overflow where !policy.isActive {
      layer(of: network).useSinglePrecision()
    }
  }

  private func layer(of network: TrainedNetwork) -> any Layer {
    switch network {
    case .generator: generator.network
    case .discriminator: discriminator.network
    }
  }
}
