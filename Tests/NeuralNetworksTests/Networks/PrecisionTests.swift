// SPDX-License-Identifier: Apache-2.0

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

  /// Each layer rounds two operands by at most 2^-8 of themselves; the errors of three layers and
  /// of the pass back add up to at most some 2^-5, and being of both signs to less than 2^-6. At a
  /// kink a unit in 2^8 or so gets the other slope, which changes about that share of the squares
  /// in each of two layers and two passes: 2^-3. The errors must not be nothing either: then
  /// nothing was rounded.
  @Test(
    "are near those of 32 bits, and not the same", arguments: InstructionSet.available,
    [Precision.bfloat16, .float16])
  func near(set: InstructionSet, precision: Precision) throws {
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
      let results = zip(try gradients(precision, activation), try gradients(.float32, activation))
      for (half, wide) in results {
        let error = distance(half, wide)
        // A bias sees roundings only on the way back to it.
        if wide.rows > 1 { #expect(error > 1e-6, "\(activation): \(error)") }
        #expect(error <= bound, "\(activation): \(error)")
      }
    }
  }

  @Test("are not used for the penalty of WGAN-GP", arguments: [Precision.bfloat16, .float16])
  func penalty(precision: Precision) throws {
    let context = try ComputeContext(threads: 1)
    let x = Matrix.example(rows: 8, columns: 40, seed: 2)
    func gradients(_ precision: Precision) throws -> [[UInt32]] {
      let network = try network(precision, in: context)
      _ = try network.gradientPenalty(
        at: x, weight: 10, mode: .inference, gradients: .overwrite, in: context)
      return network.parameters.map { bits($0.gradient) }
    }
    #expect(try gradients(precision) == gradients(.float32))
  }

  @Test("are not used by a trained network", arguments: [Precision.bfloat16, .float16])
  func inference(precision: Precision) throws {
    let context = try ComputeContext(threads: 1)
    let x = Matrix.example(rows: 8, columns: 40, seed: 2)
    func scores(_ precision: Precision) throws -> [UInt32] {
      bits(try network(precision, in: context).forward(x, mode: .inference, in: context))
    }
    #expect(try scores(precision) == scores(.float32))
  }

  @Test("are chosen where their instructions are faster")
  func automatic() throws {
    for set in InstructionSet.available {
      let context = try ComputeContext(threads: 1, instructionSet: set)
      #expect(context.resolve(.float32) == .float32)
      #expect(context.resolve(.bfloat16) == .bfloat16)
      #expect(context.resolve(.float16) == .float16)
      let chosen = context.resolve(.automatic)
      #expect(chosen != .automatic && chosen == context.resolve(.automatic))
      // The others have no instructions for 16-bit operands.
      if set < .avx512 { #expect(chosen == .float32) }
    }
  }

  @Test("refuse operands of other shapes and formats", arguments: HalfFormat.allCases)
  func shapes(format: HalfFormat) throws {
    let context = try ComputeContext(threads: 1)
    let weights = try PackedHalfWeights(rows: 3, columns: 4, format: format, in: context)
    let x = try HalfMatrix(rows: 2, columns: 4, format: format)
    let other = try HalfMatrix(
      rows: 2, columns: 4, format: format == .float16 ? .bfloat16 : .float16)
    for (x, rows) in [(x, 3), (other, 2)] {
      #expect(throws: NumericError.self) {
        try context.denseForward(
          x, rows: rows, weights: weights, bias: nil, activation: .identity,
          into: try Matrix(rows: rows, columns: 3))
      }
    }
    #expect(throws: NumericError.self) {
      try context.convert(try Matrix(rows: 2, columns: 5), into: x)
    }
  }

  @Test("are rounded to nearest even", arguments: HalfFormat.allCases)
  func rounding(format: HalfFormat) throws {
    let context = try ComputeContext(threads: 1)
    let half = try HalfMatrix(rows: 2, columns: 3, format: format)
    let from = try Matrix([[1.5, -2, 0x1.01p0], [0x1.002p0, 70_000, 0x1p-24]])
    let to = try Matrix(rows: 2, columns: 3)
    try context.convert(from, into: half)
    try context.convert(half, into: to)
    let expected: [Float] =
      format == .bfloat16
      ? [1.5, -2, 1, 1, 70_144, 0x1p-24] : [1.5, -2, 0x1.01p0, 1, .infinity, 0x1p-24]
    #expect(to.toArray() == expected)
  }
}
