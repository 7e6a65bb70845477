import NumericCore

/// The points between real and generated rows at which WGAN-GP penalises the gradient.
public struct Interpolates {
  private var pointStorage = ReusableMatrix()
  private var alphaStorage = ReusableMatrix()

  /// Makes an object that keeps its storage from call to call.
  public init() {}

  /// Row by row α real + (1 - α) generated, with α uniform and one per row.
  ///
  /// - Parameter random: the stream of α; row r takes its element `firstPair` + r.
  /// - Returns: the points, valid until the next call.
  /// - Throws: `NeuralNetworkError.shapeMismatch`.
  public mutating func points(
    real: Matrix, generated: Matrix, random: RandomStream, firstPair: Int = 0,
    in context: ComputeContext
  ) throws -> Matrix {
    try generated.requireShape(rows: real.rows, columns: real.columns, "The generated rows")
    let points = pointStorage.matrix(rows: real.rows, columns: real.columns)
    let alphas = try self.alphas(
      real.rows, random: random, firstPair: firstPair, in: context)
    let columns = points.columns
    points.forEachRow(real, generated, in: context) { row, y, real, generated in
      let alpha = alphas[row, 0]
      for j in 0..<columns { y[j] = generated[j] + alpha * (real[j] - generated[j]) }
    }
    return points
  }

  /// α of `count` pairs, count by 1, valid until the next call.
  mutating func alphas(
    _ count: Int, random: RandomStream, firstPair: Int, in context: ComputeContext
  ) throws -> Matrix {
    let alphas = alphaStorage.matrix(rows: count, columns: 1)
    try context.fillUniform(alphas, random: random, firstIndex: UInt64(firstPair))
    return alphas
  }
}
