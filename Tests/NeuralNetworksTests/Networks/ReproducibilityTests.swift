// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

/// A small GAN with everything in it, trained for ten steps.
private struct SmallGAN {
  private static let rows = 30
  private static let columns = 11
  private static let noise = 8
  private static let seed: UInt64 = 42

  let generator: Sequential
  let critic: MultilayerPerceptron
  let context: ComputeContext
  let loss: AdversarialLoss

  init(
    loss: AdversarialLoss, threads: Int, instructionSet: InstructionSet? = nil
  ) throws {
    self.loss = loss
    context = try ComputeContext(threads: threads, instructionSet: instructionSet)
    generator = try Sequential([
      try ResidualConcatenation([
        try Dense(name: "g.0", inputs: Self.noise, outputs: 33, seed: Self.seed, in: context),
        try BatchNorm(name: "g.1", features: 33, activation: .relu),
      ]),
      try Dense(
        name: "g.2", inputs: 33 + Self.noise, outputs: Self.columns, activation: .tanh,
        seed: Self.seed, in: context),
    ])
    critic = try MultilayerPerceptron(
      name: "d", inputs: Self.columns, hidden: [40, 17], dropout: 0.3, seed: Self.seed,
      in: context)
  }

  /// The bits of all losses, and of all weights at the end.
  func train() throws -> [UInt32] {
    let generatorOptimizer = try Adam(beta1: 0.5, beta2: 0.9, weightDecay: 1e-6)
    let criticOptimizer = try RMSprop()
    let schedule = try LearningRateSchedule(
      base: 1e-3, warmupSteps: 2, decay: .cosine, totalSteps: 10)
    var interpolates = Interpolates()
    let noise = try Matrix(rows: Self.rows, columns: Self.noise)
    let realGradient = try Matrix(rows: Self.rows, columns: 1)
    let generatedGradient = try Matrix(rows: Self.rows, columns: 1)
    let realScores = try Matrix(rows: Self.rows, columns: 1)
    var curve: [Float] = []
    for step in 0..<10 {
      let number = UInt64(step)
      func mode(_ pass: UInt64) -> Mode { .training(step: 4 * number + pass) }
      let rate = schedule.rate(at: step)
      let real = Matrix.example(rows: Self.rows, columns: Self.columns, seed: number)
      try context.fillNormal(
        noise, mean: 0, deviation: 1,
        random: RandomStream(seed: Self.seed, purpose: 1, step: number))
      let generated = try generator.forward(noise, mode: mode(0), in: context)

      // The gradient by the scores of real rows needs those of the generated ones, so the real
      // rows go through the critic again.
      realScores.copy(from: try critic.forward(real, mode: mode(0), in: context))
      let scores = try critic.forward(generated, mode: mode(1), in: context)
      curve.append(
        try loss.discriminator(
          real: realScores, generated: scores, realGradient: realGradient,
          generatedGradient: generatedGradient))
      _ = try critic.backward(
        generatedGradient, gradients: .overwrite, inputGradient: false, in: context)
      _ = try critic.forward(real, mode: mode(0), in: context)
      _ = try critic.backward(
        realGradient, gradients: .accumulate, inputGradient: false, in: context)
      let points = try interpolates.points(
        real: real, generated: generated,
        random: RandomStream(seed: Self.seed, purpose: 2, step: number), in: context)
      curve.append(
        try critic.gradientPenalty(
          at: points, weight: 10, mode: mode(2), gradients: .accumulate, in: context))
      try GradientClipping.clip(critic.parameters, maximum: 5, in: context)
      try criticOptimizer.step(critic.parameters, learningRate: rate, in: context)

      let scored = try critic.forward(generated, mode: mode(3), in: context)
      curve.append(
        try loss.generator(generated: scored, real: realScores, gradient: generatedGradient))
      let signal = try #require(
        try critic.backward(
          generatedGradient, gradients: .skip, inputGradient: true, in: context))
      _ = try generator.backward(
        signal, gradients: .overwrite, inputGradient: false, in: context)
      try generatorOptimizer.step(generator.parameters, learningRate: rate, in: context)
    }
    #expect(curve.allSatisfy { $0.isFinite }, "the losses of \(loss) are \(curve)")
    let weights = generator.parameters + generator.buffers + critic.parameters
    return curve.map(\.bitPattern) + weights.flatMap { bits($0.value) }
  }
}

@Suite("Reproducibility")
struct ReproducibilityTests {
  @Test(
    "ten steps of training give the same bits for any number of threads and each time",
    arguments: AdversarialLoss.allCases)
  func trainingCurve(_ loss: AdversarialLoss) throws {
    let first = try SmallGAN(loss: loss, threads: 1).train()
    #expect(Set(first).count > 100)
    for threads in [1, 2, 3, 1] {
      let again = try SmallGAN(loss: loss, threads: threads).train()
      let differing = zip(first, again).count { $0.0 != $0.1 }
      #expect(
        differing == 0 && again.count == first.count,
        "\(differing) of \(first.count) numbers differ with \(threads) threads")
    }
  }

  @Test(
    "ten steps of training give the same bits on every instruction set with fused multiply-add",
    .enabled("This machine has but one such instruction set.") { fused.count > 1 },
    arguments: AdversarialLoss.allCases)
  func instructionSets(_ loss: AdversarialLoss) throws {
    let curves = try Self.fused.map {
      try SmallGAN(loss: loss, threads: 2, instructionSet: $0).train()
    }
    for (instructionSet, curve) in zip(Self.fused, curves) {
      let differing = zip(curves[0], curve).count { $0.0 != $0.1 }
      #expect(
        differing == 0,
        "\(differing) of \(curve.count) numbers differ between \(Self.fused[0]) and \(instructionSet)"
      )
    }
  }

  private static let fused = InstructionSet.available.filter { $0 != .portable }

  @Test("layers keep their storage while the batch does not grow")
  func storage() throws {
    let context = try ComputeContext(threads: 1)
    let network = try MultilayerPerceptron(
      name: "d", inputs: 6, hidden: [9, 5], activation: .tanh, dropout: 0.2, seed: 1,
      in: context)
    func address(_ rows: Int) throws -> [UnsafePointer<Float>?] {
      let x = Matrix.example(rows: rows, columns: 6, seed: 1)
      let dy = Matrix.example(rows: rows, columns: 1, seed: 1)
      let y = try network.forward(x, mode: .training(step: 1), in: context)
      let dx = try network.backward(dy, gradients: .overwrite, inputGradient: true, in: context)
      return [y, dx].map { $0?.withUnsafeBufferPointer { $0.baseAddress } }
    }
    let first = try address(20)
    #expect(try address(20) == first)
    #expect(try address(7) == first)
    #expect(try address(20) == first)
  }
}
