// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

/// Networks on inputs whose last columns are sparse, and on batches in parts, against the same rows
/// written out in one part.
@Suite("Sparse inputs and parts of a batch")
struct SparseInputTests {
  /// Sparse rows and the same ones written out; one-hot without `values`.
  private func rows(
    _ count: Int, columns: Int, entries: Int, values: Bool = true
  ) -> (sparse: SparseRows, dense: Matrix) {
    let sparse = try! SparseRows(rows: count, columns: columns, entries: entries)
    let dense = try! Matrix(rows: count, columns: columns)
    let numbers = Matrix.example(rows: count, columns: entries, seed: 31)
    let step = columns / entries
    for row in 0..<count {
      for entry in 0..<entries {
        let column = entry * step + (row * 5 + entry) % step
        let value = values ? numbers[row, entry] : 1
        sparse.set(entry, ofRow: row, column: column, value: value)
        dense[row, column] = value
      }
    }
    return (sparse, dense)
  }

  private func beside(_ left: Matrix, _ right: Matrix) -> Matrix {
    let both = try! Matrix(rows: left.rows, columns: left.columns + right.columns)
    both[columns: 0..<left.columns].copy(from: left)
    both[columns: left.columns..<both.columns].copy(from: right)
    return both
  }

  private func below(_ top: Matrix, _ bottom: Matrix) -> Matrix {
    let both = try! Matrix(rows: top.rows + bottom.rows, columns: top.columns)
    both[rows: 0..<top.rows].copy(from: top)
    both[rows: top.rows..<both.rows].copy(from: bottom)
    return both
  }

  @Test("a conditioned residual generator has the bits of the plain one", arguments: [1, 2])
  func generator(threads: Int) throws {
    let context = try ComputeContext(threads: threads)
    func network() throws -> Sequential {
      func block(_ index: Int, _ inputs: Int) throws -> ResidualConcatenation {
        try ResidualConcatenation([
          try Dense(name: "\(index).fc", inputs: inputs, outputs: 33, seed: 1, in: context),
          try BatchNorm(name: "\(index).bn", features: 33, activation: .relu),
        ])
      }
      return try Sequential([
        try block(0, 12 + 40), try block(1, 45 + 40),
        try Dense(name: "out", inputs: 78 + 40, outputs: 9, seed: 1, in: context),
      ])
    }
    let noise = Matrix.example(rows: 70, columns: 12, seed: 2)
    let (condition, oneHot) = rows(70, columns: 40, entries: 1, values: false)
    let dy = Matrix.example(rows: 70, columns: 9, seed: 3)
    let mode = Mode.training(step: 1)
    let (plain, gathered) = (try network(), try network())
    let expected = try plain.forward(beside(noise, oneHot), mode: mode, in: context)
    let y = try gathered.forward(MixedMatrix(noise, condition), mode: mode, in: context)
    #expect(y.sparse == nil && bits(y.dense) == bits(expected))
    for gradients in [GradientMode.overwrite, .accumulate] {
      let whole = try #require(
        try plain.backward(dy, gradients: gradients, inputColumns: 12, in: context))
      let part = try #require(
        try gathered.backward(dy, gradients: gradients, inputColumns: 12, in: context))
      #expect(bits(part) == bits(whole))
      for (a, b) in zip(gathered.parameters, plain.parameters) {
        #expect(bits(a.gradient) == bits(b.gradient), "\(a.name)")
      }
    }
  }

  @Test("layers without products take no sparse columns") func refusals() throws {
    let context = try ComputeContext(threads: 1)
    let (sparse, _) = rows(4, columns: 6, entries: 1)
    let norm = try BatchNorm(name: "bn", features: 3, activation: .relu)
    #expect(throws: NeuralNetworkError.self) {
      try norm.forward(
        MixedMatrix(try Matrix(rows: 4, columns: 3), sparse), mode: .training(step: 0), in: context)
    }
    let dense = try Dense(name: "fc", inputs: 8, outputs: 2, seed: 1, in: context)
    #expect(throws: NeuralNetworkError.self) {
      try dense.forward(
        MixedMatrix(try Matrix(rows: 4, columns: 3), sparse), mode: .training(step: 0), in: context)
    }
  }

  /// What a discriminator's step takes from the network.
  private enum Penalty: CaseIterable {
    case none, interpolated, shared, transcendental, points, half, straight

    var activation: Activation {
      switch self {
      case .none, .interpolated, .shared: .leakyReLU(slope: 0.2)
      case .transcendental: .tanh
      case .points: .relu
      // Without a kink, at which a rounding could turn a unit over.
      case .half, .straight: .identity
      }
    }
  }

  private struct Outcome {
    var scores: Matrix
    var penalty: Float
    var inputGradient: Matrix?
    var gradients: [Matrix]
  }

  /// Real rows above generated ones, scored with a penalty.
  private func score(
    _ parts: [MixedMatrix], _ kind: Penalty, count: Int, threads: Int
  ) throws -> Outcome {
    let context = try ComputeContext(threads: threads)
    let columns = parts[0].columns
    let network = try MultilayerPerceptron(
      name: "critic", inputs: columns, hidden: [33, 17],
      activation: kind.activation,
      precision: kind == .half ? .bfloat16 : .float32, seed: 3, in: context)
    let mode = Mode.training(step: 1)
    let scores = try Matrix(rows: 2 * count, columns: 1)
    scores.copy(from: try network.forward(parts, mode: mode, in: context))
    let dy = Matrix.example(rows: 2 * count, columns: 1, seed: 8)
    let (first, second) = (0..<count, count..<2 * count)
    var outcome = Outcome(scores: scores, penalty: 0, inputGradient: nil, gradients: [])
    if kind == .shared {
      outcome.penalty = try network.backward(
        dy, penalties: [RowPenalty(rows: first, weight: 2), RowPenalty(rows: second, weight: 1)],
        gradients: .overwrite, in: context)
    } else {
      outcome.inputGradient = try network.backward(
        dy, gradients: .overwrite, inputColumns: 5, in: context)
    }
    if kind == .transcendental {
      outcome.penalty = try network.squaredGradientPenalty(
        at: parts, weight: 2, mode: mode, gradients: .accumulate, in: context)
    } else if kind != .none && kind != .shared {
      outcome.penalty = try network.gradientPenalty(
        between: first, and: second, random: RandomStream(seed: 5, purpose: 6, step: 7),
        weight: 10, mode: mode, gradients: .accumulate, in: context)
    }
    outcome.gradients = network.parameters.map(\.gradient)
    return outcome
  }

  @Test(
    "a critic of sparse real rows agrees with the plain one", arguments: Penalty.allCases, [1, 2])
  private func critic(kind: Penalty, threads: Int) throws {
    let count = 21
    // Real rows: 50 columns with few entries. Generated ones: 30 dense columns, 20 of conditions.
    let (real, realWhole) = rows(count, columns: 50, entries: 7)
    let (condition, oneHot) = rows(count, columns: 20, entries: 2, values: false)
    let generated = Matrix.example(rows: count, columns: 30, seed: 6)
    let whole = below(realWhole, beside(generated, oneHot))
    let sparse = try score(
      [MixedMatrix(real), MixedMatrix(generated, condition)], kind, count: count, threads: threads)
    let plain = try score([MixedMatrix(whole)], kind, count: count, threads: threads)
    if kind == .half {
      // Sparse operands are not rounded where plain ones are: the result is no farther from that of
      // single precision, up to the luck of a few roundings.
      let exact = try score([MixedMatrix(whole)], .straight, count: count, threads: threads)
      func distance(_ outcome: Outcome, _ position: Int) -> Float {
        let (a, b) = ([outcome.scores] + outcome.gradients, [exact.scores] + exact.gradients)
        return zip(a[position].toArray(), b[position].toArray()).map { abs($0 - $1) }.max() ?? .nan
      }
      for position in 0...plain.gradients.count {
        let (found, allowed) = (distance(sparse, position), distance(plain, position))
        #expect(!(found > 2 * allowed) && found.isFinite, "\(position): \(found), plain \(allowed)")
      }
      return
    }
    // The chains are the same but where a penalty adds rows to a product.
    #expect(bits(sparse.scores) == bits(plain.scores))
    #expect(sparse.inputGradient.map(bits) == plain.inputGradient.map(bits))
    let terms = 4 * (50 + 33 + 17)
    expectClose(sparse.penalty, Double(plain.penalty), terms: terms, "penalty")
    let size = plain.gradients.flatMap { $0.toArray() }.map { Double(abs($0)) }.max() ?? 0
    #expect(size > 0.01)
    for (a, b) in zip(sparse.gradients, plain.gradients) {
      if kind == .none || kind == .transcendental {
        #expect(bits(a) == bits(b))
      } else {
        expectClose(
          a, DoubleMatrix(b), terms: terms, slack: Double(terms) * unitRoundoff * size, "gradient")
      }
    }
  }
}
