import NumericCore

/// The weights and bias of `z = x Wᵀ + b` and the four products that training needs of them.
///
/// Shapes: M batch rows, K inputs, N outputs; W is N x K, as in PyTorch.
final class AffineMap {
  let name: String
  let weight: Parameter
  let bias: Parameter?
  private var packing: Packing?

  /// The weights as the kernels like to read them, and which weights they are.
  private struct Packing {
    let weights: PackedWeights
    let instructionSet: InstructionSet
    let version: UInt64
  }

  var inputs: Int { weight.value.columns }
  var outputs: Int { weight.value.rows }
  var parameters: [Parameter] { bias.map { [weight, $0] } ?? [weight] }

  init(
    name: String, inputs: Int, outputs: Int, bias: Bool, initialization: Initialization,
    seed: UInt64, in context: ComputeContext
  ) throws {
    try NeuralNetworkError.require(inputs > 0, "\(name).inputs", Double(inputs), "positive")
    try NeuralNetworkError.require(outputs > 0, "\(name).outputs", Double(outputs), "positive")
    self.name = name
    weight = Parameter(name: "\(name).weight", rows: outputs, columns: inputs)
    self.bias = bias ? Parameter(name: "\(name).bias", count: outputs) : nil
    try initialization.fill(
      weight: weight, bias: self.bias, name: name, seed: seed, in: context)
  }

  /// The packed weights, packed anew if the weights have changed since the last call: once per step
  /// of the optimizer, while each step needs them several times.
  private func packed(in context: ComputeContext) throws(NumericError) -> PackedWeights {
    if let packing, packing.version == weight.version,
      packing.instructionSet == context.instructionSet
    {
      return packing.weights
    }
    let weights: PackedWeights
    if let packing, packing.instructionSet == context.instructionSet {
      weights = packing.weights
    } else {
      weights = try PackedWeights(rows: outputs, columns: inputs, in: context)
    }
    try weights.update(from: weight.value, in: context)
    packing = Packing(
      weights: weights, instructionSet: context.instructionSet, version: weight.version)
    return weights
  }

  /// y[M,N] = activation(x[M,K] Wᵀ + b).
  func forward(
    _ x: Matrix, activation: Activation, into y: Matrix, in context: ComputeContext
  ) throws {
    try context.denseForward(
      x, weights: try packed(in: context), bias: bias?.value, activation: activation, into: y)
  }

  /// a[M,N] = q[M,K] Wᵀ: the derivative of the map along q.
  func tangent(_ q: Matrix, into a: Matrix, in context: ComputeContext) throws {
    try context.denseForward(
      q, weights: try packed(in: context), bias: nil, activation: .identity, into: a)
  }

  /// a[M,N] = (q[M,K] Wᵀ) * activation'(h), h being the stored output of the activation.
  func tangent(
    _ q: Matrix, output h: Matrix, activation: Activation, into a: Matrix,
    in context: ComputeContext
  ) throws {
    try context.denseTangent(
      q, weights: try packed(in: context), output: h, activation: activation, into: a)
  }

  /// dx[M,K] = dz[M,N] W.
  func backwardData(_ dz: Matrix, into dx: Matrix, in context: ComputeContext) throws {
    try context.denseBackwardData(
      dz, weights: try packed(in: context), inputOutput: nil, inputActivation: .identity, into: dx)
  }

  /// dx[M,K] = (dz[M,N] W) * activation'(h), h being the stored output that was this map's input.
  func backwardData(
    _ dz: Matrix, throughOutput h: Matrix, activation: Activation, into dx: Matrix,
    in context: ComputeContext
  ) throws {
    try context.denseBackwardData(
      dz, weights: try packed(in: context), inputOutput: h, inputActivation: activation, into: dx)
  }

  /// dW[N,K] (+)= dzᵀ x and, with `includingBias`, db[N] (+)= the sum of dz's rows.
  func backwardWeights(
    _ dz: Matrix, input x: Matrix, includingBias: Bool = true, accumulate: Bool,
    in context: ComputeContext
  ) throws {
    try context.denseBackwardWeights(
      dz, input: x, weightGradient: weight.gradient,
      biasGradient: includingBias ? bias?.gradient : nil, accumulate: accumulate)
  }
}
