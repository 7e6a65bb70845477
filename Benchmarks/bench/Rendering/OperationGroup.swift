// SPDX-License-Identifier: Apache-2.0

/// Operations that one line or bar of a chart stands for.
enum OperationGroup: String, CaseIterable {
  case forward = "forward"
  case backwardData = "backward data"
  case backwardWeights = "backward weights"
  case activations = "activations"
  case functions = "exp, log, tanh"
  case softmax = "softmax"
  case optimizers = "optimizer steps"
  case random = "random numbers"
  case conversions = "conversions"

  static let products: [OperationGroup] = [.forward, .backwardData, .backwardWeights]
  static let others: [OperationGroup] = allCases.filter { !products.contains($0) }

  /// The group of an operation; of a product that has an entry for packed weights, only that one
  /// belongs to a group, so that no work is shown twice.
  init?(operation: String) {
    switch operation {
    case "dense_forward_packed_f32": self = .forward
    case "dense_backward_data_packed_f32": self = .backwardData
    case "dense_backward_weights_f32": self = .backwardWeights
    case "exp_f32", "log_f32", "tanh_f32": self = .functions
    case let name where name.hasPrefix("dense_"): return nil
    case let name where name.hasPrefix("activation_"): self = .activations
    case let name where name.contains("softmax"): self = .softmax
    case let name where name.hasSuffix("_step_f32"): self = .optimizers
    case let name where name.hasPrefix("random_"): self = .random
    case let name where name.hasPrefix("convert_"): self = .conversions
    default: return nil
    }
  }
}
