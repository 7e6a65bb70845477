import NumericCore

/// Batch normalisation of each column (Ioffe and Szegedy 2015), with the activation that follows.
///
/// In training the batch's own mean and (biased) variance are used, and the running statistics move
/// towards its mean and unbiased variance; in inference the running statistics are used. The
/// semantics and the defaults are those of `torch.nn.BatchNorm1d`.
public final class BatchNorm: Layer {
  /// The number of columns.
  public let features: Int
  /// What is added to the variance before its root is taken.
  public let epsilon: Float
  /// The weight of the newest batch in the running statistics.
  public let momentum: Float
  /// What is applied to the normalised values.
  public let activation: Activation
  /// The scale, one per column.
  public let weight: Parameter
  /// The shift, one per column.
  public let bias: Parameter
  /// The running mean.
  public let runningMean: Parameter
  /// The running unbiased variance.
  public let runningVariance: Parameter

  private let name: String
  private var input: Matrix?
  private var output: Matrix?
  private var usedBatchStatistics = false
  private let mean: ColumnVector<Float>
  private let inverseDeviation: ColumnVector<Float>
  private let scale: ColumnVector<Float>
  private let meanGradient: ColumnVector<Float>
  private let slope: ColumnVector<Float>
  private let firstSums: ColumnSums
  private let secondSums: ColumnSums
  private var outputStorage = ReusableMatrix()
  private var deltaStorage = ReusableMatrix()
  private var inputGradientStorage = ReusableMatrix()

  /// The number of columns of the input.
  public var inputs: Int { features }
  /// The number of columns of the result.
  public var outputs: Int { features }
  /// What an optimizer trains.
  public let parameters: [Parameter]
  /// What is saved but not trained.
  public let buffers: [Parameter]

  /// Makes a layer with scale 1, shift 0, running mean 0 and running variance 1.
  ///
  /// - Throws: `NeuralNetworkError.invalidHyperparameter`.
  public init(
    name: String, features: Int, activation: Activation = .identity, epsilon: Float = 1e-5,
    momentum: Float = 0.1
  ) throws(NeuralNetworkError) {
    try NeuralNetworkError.require(features > 0, "\(name).features", Double(features), "positive")
    try NeuralNetworkError.require(
      epsilon > 0 && epsilon.isFinite, "\(name).epsilon", epsilon, "positive")
    try NeuralNetworkError.require(
      momentum >= 0 && momentum <= 1, "\(name).momentum", momentum, "between 0 and 1")
    self.name = name
    self.features = features
    self.epsilon = epsilon
    self.momentum = momentum
    self.activation = activation
    weight = Parameter(name: "\(name).weight", count: features, initial: 1)
    bias = Parameter(name: "\(name).bias", count: features)
    runningMean = Parameter(name: "\(name).running_mean", count: features)
    runningVariance = Parameter(name: "\(name).running_var", count: features, initial: 1)
    parameters = [weight, bias]
    buffers = [runningMean, runningVariance]
    mean = ColumnVector(count: features)
    inverseDeviation = ColumnVector(count: features)
    scale = ColumnVector(count: features)
    meanGradient = ColumnVector(count: features)
    slope = ColumnVector(count: features)
    firstSums = ColumnSums(columns: features)
    secondSums = ColumnSums(columns: features)
  }

  /// Applies the layer; see `Layer`.
  public func forward(
    _ x: Matrix, mode: Mode, into destination: Matrix?, in context: ComputeContext
  ) throws -> Matrix {
    try x.requireColumns(features, "The input of \(name)")
    let y = try outputStorage.matrix(
      rows: x.rows, columns: features, orExternal: destination, name)
    if case .training = mode {
      guard x.rows > 1 else {
        throw NeuralNetworkError.batchTooSmall(
          operation: "Training \(name)", rows: x.rows, minimum: 2)
      }
      useStatistics(of: x)
      usedBatchStatistics = true
    } else {
      useRunningStatistics()
      usedBatchStatistics = false
    }
    normalise(x, into: y)
    if activation != .identity {
      try context.activationForward(y, activation: activation, into: y)
    }
    input = x
    output = y
    return y
  }

  /// Propagates gradients back; see `Layer`.
  public func backward(
    _ dy: Matrix, gradients: GradientMode, inputGradient: Bool, in context: ComputeContext
  ) throws -> Matrix? {
    guard let x = input, let y = output else {
      throw NeuralNetworkError.backwardBeforeForward(layer: name)
    }
    try dy.requireShape(rows: y.rows, columns: features, "The output gradient of \(name)")
    var dz = dy
    if activation != .identity {
      dz = deltaStorage.matrix(rows: y.rows, columns: features)
      try context.activationBackward(dy, output: y, activation: activation, into: dz)
    }

    if gradients != .skip || (inputGradient && usedBatchStatistics) {
      sumGradients(dz, x)
    }
    if gradients != .skip {
      let overwrite = gradients == .overwrite
      for j in 0..<features {
        weight.gradient[0, j] = (overwrite ? 0 : weight.gradient[0, j]) + Float(secondSums[j])
        bias.gradient[0, j] = (overwrite ? 0 : bias.gradient[0, j]) + Float(firstSums[j])
      }
    }
    guard inputGradient else { return nil }
    let dx = inputGradientStorage.matrix(rows: x.rows, columns: features)
    propagate(dz, x, into: dx)
    return dx
  }
}

extension BatchNorm {
  private func useStatistics(of x: Matrix) {
    let columns = features
    let count = Double(x.rows)
    let mean = self.mean.elements
    x.withRows { x in
      firstSums.sum(rows: x.count) { row, partial in
        let x = x[row]
        for j in 0..<columns { partial[j] += x[j] }
      }
      for j in 0..<columns { mean[j] = Float(firstSums[j] / count) }
      secondSums.sum(rows: x.count) { row, partial in
        let x = x[row]
        for j in 0..<columns {
          let centred = x[j] - mean[j]
          partial[j] += centred * centred
        }
      }
    }
    for j in 0..<columns {
      // The rounding of the mean shifts all centred values alike: its square is no variance.
      let offset = firstSums[j] / count - Double(mean[j])
      let difference = secondSums[j] / count - offset * offset
      let variance = difference < 0 ? 0 : difference
      inverseDeviation.elements[j] = Float(1 / (variance + Double(epsilon)).squareRoot())
      let unbiased = Float(variance * count / (count - 1))
      // A batch that left a number's range is not learned from.
      guard mean[j].isFinite && unbiased.isFinite else { continue }
      runningMean.value[0, j] += momentum * (mean[j] - runningMean.value[0, j])
      runningVariance.value[0, j] += momentum * (unbiased - runningVariance.value[0, j])
    }
    runningMean.noteChange()
    runningVariance.noteChange()
  }

  private func useRunningStatistics() {
    for j in 0..<features {
      mean.elements[j] = runningMean.value[0, j]
      inverseDeviation.elements[j] = 1 / (runningVariance.value[0, j] + epsilon).squareRoot()
    }
  }

  /// y = (x - mean) weight / deviation + bias.
  private func normalise(_ x: Matrix, into y: Matrix) {
    let columns = features
    let mean = self.mean.elements
    let scale = self.scale.elements
    for j in 0..<columns { scale[j] = weight.value[0, j] * inverseDeviation.elements[j] }
    bias.value.withRows { shift in
      let shift = shift[0]
      y.forEachRow(x) { _, y, x in
        for j in 0..<columns { y[j] = (x[j] - mean[j]) * scale[j] + shift[j] }
      }
    }
  }

  /// Per column: the sum of dz, and the sum of dz times the normalised input.
  private func sumGradients(_ dz: Matrix, _ x: Matrix) {
    let columns = features
    let mean = self.mean.elements
    let inverse = inverseDeviation.elements
    dz.withRows { dz in
      firstSums.sum(rows: dz.count) { row, partial in
        let dz = dz[row]
        for j in 0..<columns { partial[j] += dz[j] }
      }
      x.withRows { x in
        secondSums.sum(rows: x.count) { row, partial in
          let dz = dz[row]
          let x = x[row]
          for j in 0..<columns { partial[j] += dz[j] * ((x[j] - mean[j]) * inverse[j]) }
        }
      }
    }
  }

  /// dx = scale (dz - mean(dz) - x̂ mean(dz x̂)); with running statistics dx = scale dz.
  private func propagate(_ dz: Matrix, _ x: Matrix, into dx: Matrix) {
    let columns = features
    let scale = self.scale.elements
    guard usedBatchStatistics else {
      dx.forEachRow(dz) { _, dx, dz in
        for j in 0..<columns { dx[j] = dz[j] * scale[j] }
      }
      return
    }
    let mean = self.mean.elements
    let meanGradient = self.meanGradient.elements
    let slope = self.slope.elements
    let count = Double(x.rows)
    for j in 0..<columns {
      meanGradient[j] = Float(firstSums[j] / count)
      slope[j] = Float(secondSums[j] / count) * inverseDeviation.elements[j]
    }
    dx.forEachRow(dz, x) { _, dx, dz, x in
      for j in 0..<columns {
        dx[j] = scale[j] * (dz[j] - meanGradient[j] - (x[j] - mean[j]) * slope[j])
      }
    }
  }
}
