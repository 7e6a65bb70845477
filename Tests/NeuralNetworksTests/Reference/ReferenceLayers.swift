// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore

/// The layers again, in double precision, written down as their definitions.
enum Reference {
  private static let seluScale = 1.0507009873554804934193349852946
  private static let seluAlpha = 1.6732632423543772848170429916717

  static func activate(_ activation: Activation, _ z: Double) -> Double {
    switch activation {
    case .identity: z
    case .relu: max(z, 0)
    case .leakyReLU(let slope): z > 0 ? z : Double(slope) * z
    case .tanh: tanh(z)
    case .sigmoid: 1 / (1 + exp(-z))
    case .selu: z > 0 ? seluScale * z : seluScale * seluAlpha * (exp(z) - 1)
    }
  }

  static func derivative(_ activation: Activation, _ z: Double) -> Double {
    switch activation {
    case .identity: 1
    case .relu: z > 0 ? 1 : 0
    case .leakyReLU(let slope): z > 0 ? 1 : Double(slope)
    case .tanh: 1 - tanh(z) * tanh(z)
    case .sigmoid: activate(.sigmoid, z) * (1 - activate(.sigmoid, z))
    case .selu: z > 0 ? seluScale : seluScale * seluAlpha * exp(z)
    }
  }

  /// x Wᵀ + b.
  static func affine(
    _ x: DoubleMatrix, weight: DoubleMatrix, bias: DoubleMatrix?
  ) -> DoubleMatrix {
    let product = x.times(weight.transposed)
    guard let bias else { return product }
    return DoubleMatrix(rows: product.rows, columns: product.columns) {
      product[$0, $1] + bias[0, $1]
    }
  }

  static func batchNorm(
    _ x: DoubleMatrix, weight: DoubleMatrix, bias: DoubleMatrix,
    epsilon: Double = Double(Float(1e-5))
  ) -> DoubleMatrix {
    let columns = (0..<x.columns).map { column in (0..<x.rows).map { x[$0, column] } }
    let statistics = columns.map { moments(of: $0) }
    return DoubleMatrix(rows: x.rows, columns: x.columns) { row, column in
      let (mean, variance) = statistics[column]
      return (x[row, column] - mean) / sqrt(variance + epsilon) * weight[0, column]
        + bias[0, column]
    }
  }

  static func layerNorm(
    _ x: DoubleMatrix, weight: DoubleMatrix, bias: DoubleMatrix,
    epsilon: Double = Double(Float(1e-5))
  ) -> DoubleMatrix {
    let statistics = (0..<x.rows).map { row in
      moments(of: (0..<x.columns).map { x[row, $0] })
    }
    return DoubleMatrix(rows: x.rows, columns: x.columns) { row, column in
      let (mean, variance) = statistics[row]
      return (x[row, column] - mean) / sqrt(variance + epsilon) * weight[0, column]
        + bias[0, column]
    }
  }

  static func concatenate(_ a: DoubleMatrix, _ b: DoubleMatrix) -> DoubleMatrix {
    DoubleMatrix(rows: a.rows, columns: a.columns + b.columns) {
      $1 < a.columns ? a[$0, $1] : b[$0, $1 - a.columns]
    }
  }

  /// Mean and biased variance.
  private static func moments(of values: [Double]) -> (Double, Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, variance)
  }
}
