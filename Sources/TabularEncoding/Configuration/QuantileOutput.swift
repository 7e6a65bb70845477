// SPDX-License-Identifier: Apache-2.0

/// The distribution that the ranks of quantities are mapped to.
public enum QuantileOutput: String, Sendable, Codable {
  /// The standard normal distribution, on the whole line.
  case normal
  /// The uniform distribution on -1...1.
  case uniform
}
