import NeuralNetworks
import NumericCore
import Testing

@Suite("Products of 16-bit operands")
struct PrecisionTests {
  private func network(
    _ precision: Precision, _ activation: Activation = .leakyReLU(slope: 0.2),
    in context: ComputeContext
  ) throws -> MultilayerPerceptron {
    try MultilayerPerceptron(
      name: "critic", inputs: 40, hidden: [96, 64], activation: activation,
      precision: precision, seed: 3, in: context)
  }

  /// |a - b| / |b| over all elements.
  private func distance(_ a: Matrix, _ b: Matrix) -> Double {
    let (a, b) = (a.toArray(), b.toArray())
    let difference = zip(a, b).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    let size = b.reduce(0.0) { $0 + Double($1) * Double($1) }
    return (difference / size).squareRoot()
  }

  /// Each layer rounds two operands by at most 2^-8 of themselves; the errors of three layers and of
  /// the pass back add up to at most some 2^-5, and being of both signs to less than 2^-6. At a kink
  /// a unit in 2^8 or so gets the other slope, which changes about that share of the squares in each
  /// of two layers and two passes: 2^-3. The errors
  /// must not be nothing either: then nothing was rounded.
  @Test("are near those of 32 bits, and not the same", arguments: InstructionSet.available)
  func near(set: InstructionSet) throws {
    let context = try ComputeContext(threads: 2, instructionSet: set)
    let x = Matrix.example(rows: 64, columns: 40, seed: 2)
    let dy = Matrix.example(rows: 64, columns: 1, seed: 5)
    let mode = Mode.training(step: 1)
    func gradients(_ precision: Precision, _ activation: Activation) throws -> [Matrix] {
      let network = try network(precision, activation, in: context)
      let y = try network.forward(x, mode: mode, in: context)
      _ = try network.backward(
        dy, penalties: [RowPenalty(rows: 0..<64, weight: 1)], gradients: .overwrite, in: context)
      return [y] + network.parameters.map(\.gradient)
    }
    for (activation, bound) in [(Activation.identity, 0x1p-6), (.leakyReLU(slope: 0.2), 0x1p-3)] {
      let results = zip(try gradients(.bfloat16, activation), try gradients(.float32, activation))
      for (narrow, wide) in results {
        let error = distance(narrow, wide)
        // A bias sees roundings only on the way back to it.
        if wide.rows > 1 { #expect(error > 1e-6, "\(activation): \(error)") }
        #expect(error <= bound, "\(activation): \(error)")
      }
    }
  }

  @Test("are not used for the penalty of WGAN-GP")
  func penalty() throws {
    let context = try ComputeContext(threads: 1)
    let x = Matrix.example(rows: 8, columns: 40, seed: 2)
    func gradients(_ precision: Precision) throws -> [[UInt32]] {
      let network = try network(precision, in: context)
      _ = try network.gradientPenalty(
        at: x, weight: 10, mode: .inference, gradients: .overwrite, in: context)
      return network.parameters.map { bits($0.gradient) }
    }
    #expect(try gradients(.bfloat16) == gradients(.float32))
  }

  @Test("are not used by a trained network")
  func inference() throws {
    let context = try ComputeContext(threads: 1)
    let x = Matrix.example(rows: 8, columns: 40, seed: 2)
    func scores(_ precision: Precision) throws -> [UInt32] {
      bits(try network(precision, in: context).forward(x, mode: .inference, in: context))
    }
    #expect(try scores(.bfloat16) == scores(.float32))
  }

  @Test("are chosen where dot products are faster")
  func automatic() throws {
    for set in InstructionSet.available {
      let context = try ComputeContext(threads: 1, instructionSet: set)
      #expect(context.resolve(.float32) == .float32)
      #expect(context.resolve(.bfloat16) == .bfloat16)
      let chosen = context.resolve(.automatic)
      #expect(chosen != .automatic && chosen == context.resolve(.automatic))
      // Only one level has the instruction.
      if set < .avx512 { #expect(chosen == .float32) }
    }
  }

  @Test("refuse operands of other shapes")
  func shapes() throws {
    let context = try ComputeContext(threads: 1)
    let weights = try PackedBFloat16Weights(rows: 3, columns: 4, in: context)
    let x = BFloat16Matrix(rows: 2, columns: 4)
    #expect(throws: NumericError.self) {
      try context.denseForward(
        x, rows: 3, weights: weights, bias: nil, activation: .identity,
        into: Matrix(rows: 3, columns: 3))
    }
    #expect(throws: NumericError.self) {
      try context.convert(Matrix(rows: 2, columns: 5), into: x)
    }
    x[1, 3] = BFloat16(1.5)
    #expect(Float(x[1, 3]) == 1.5 && Float(x[1, 2]) == 0)
  }
}
