// SPDX-License-Identifier: Apache-2.0

/// Gradients by central differences in double precision.
enum FiniteDifference {
  /// The step: its square times the third derivative and the rounding error over it are both about
  /// 1e-9 for functions of order one.
  static let step = 1e-6

  /// The gradient of `function` by each element of each argument.
  static func gradients(
    at arguments: [DoubleMatrix], _ function: ([DoubleMatrix]) -> Double
  ) -> [DoubleMatrix] {
    arguments.indices.map { index in
      var arguments = arguments
      var gradient = DoubleMatrix(
        rows: arguments[index].rows, columns: arguments[index].columns)
      for element in arguments[index].values.indices {
        let value = arguments[index].values[element]
        arguments[index].values[element] = value + step
        let above = function(arguments)
        arguments[index].values[element] = value - step
        let below = function(arguments)
        arguments[index].values[element] = value
        gradient.values[element] = (above - below) / (2 * step)
      }
      return gradient
    }
  }
}
