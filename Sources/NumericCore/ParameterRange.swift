// SPDX-License-Identifier: Apache-2.0

/// The range of a kernel's parameter.
enum ParameterRange {
  /// Finite and at least 0, such as a learning rate.
  case amount
  /// At least 0 and below 1, such as a decay rate.
  case share
  /// Finite and above 0, such as a temperature.
  case positive

  /// Throws an error with the parameter's name and range if `value` is outside.
  func require(_ value: Float, _ name: String) throws(NumericError) {
    let (isInside, text) =
      switch self {
      case .amount: (value >= 0 && value.isFinite, "finite and at least 0")
      case .share: (value >= 0 && value < 1, "at least 0 and below 1")
      case .positive: (value > 0 && value.isFinite, "finite and above 0")
      }
    if !isInside { throw .invalidParameter("\(name) is \(value), but it must be \(text)") }
  }
}
