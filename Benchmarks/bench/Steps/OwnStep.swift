// SPDX-License-Identifier: Apache-2.0

import CBenchProbes
import NeuralNetworks
import NumericCore
import TabularGAN

/// The losses of a step, each before the update that it leads to.
struct StepLosses: Equatable {
  let discriminator: Float
  let generator: Float
}

/// Our side: the step of the trainer on a batch that lies in memory.
final class OwnStep {
  private let problem: StepProblem
  let context: ComputeContext
  private let generator: Sequential
  private let discriminator: MultilayerPerceptron
  private let generatorOptimizer: Adam
  private let discriminatorOptimizer: Adam
  private let assembler: BatchAssembler
  private let packs: Matrix
  private let slices: BatchSlices
  private let scoreGradient: Matrix
  private let rowGradient: Matrix

  init(_ problem: StepProblem, in context: ComputeContext) throws {
    let cell = problem.cell
    self.problem = problem
    self.context = context
    generator = try problem.generator(in: context)
    discriminator = try problem.discriminator(in: context)
    generatorOptimizer = try Adam(beta1: StepCell.beta1)
    discriminatorOptimizer = try Adam(beta1: StepCell.beta1)
    assembler = BatchAssembler(
      rowWidth: StepCell.rowWidth, conditionWidth: 0, rowsPerPack: cell.rowsPerPack)
    packs = try Matrix(rows: 2 * cell.packs, columns: cell.packWidth)
    packs[rows: 0..<cell.packs].copy(from: problem.real)
    slices = BatchSlices(of: cell.packs)
    scoreGradient = try Matrix(rows: 2 * cell.packs, columns: 1)
    rowGradient = try Matrix(rows: cell.batch, columns: StepCell.rowWidth)
  }

  private var loss: AdversarialLoss {
    problem.cell.objective == .crossEntropy ? .nonSaturating : .wasserstein
  }

  /// One step of the discriminator, then one of the generator.
  func run() throws -> StepLosses {
    try context.withTeam {
      let count = problem.cell.packs
      let generated = packs[rows: count..<2 * count]
      let mode = Mode.training(step: 0)
      if problem.cell.rowsPerPack == 1 {
        _ = try generator.forward(problem.noise, mode: mode, into: generated, in: context)
      } else {
        assembler.writeGenerated(
          try generator.forward(problem.noise, mode: mode, in: context), into: generated,
          in: context)
      }
      let discriminatorLoss = try discriminatorStep(mode)
      return StepLosses(
        discriminator: discriminatorLoss,
        generator: try generatorStep(generated: generated, mode: mode))
    }
  }

  private func discriminatorStep(_ mode: Mode) throws -> Float {
    var total: Float = 0
    for (slice, part) in slices.packs.enumerated() {
      let count = part.count
      let whole = problem.cell.packs
      let scored = slices.scored(
        slice, real: MixedMatrix(packs[rows: 0..<whole]),
        generated: MixedMatrix(packs[rows: whole..<2 * whole]))
      let share = slices.share(of: slice)
      let gradients = slice == 0 ? GradientMode.overwrite : .accumulate
      let scores = try discriminator.forward(scored, mode: mode, in: context)
      let gradient = scoreGradient[rows: 0..<2 * count]
      total +=
        share
        * (try loss.discriminator(
          real: scores[rows: 0..<count], generated: scores[rows: count..<2 * count],
          realGradient: gradient[rows: 0..<count],
          generatedGradient: gradient[rows: count..<2 * count]))
      try context.scale(gradient, by: share, into: gradient)
      _ = try discriminator.backward(
        gradient, gradients: gradients, inputGradient: false, in: context)
      if problem.cell.objective == .wassersteinPenalty {
        total += try discriminator.gradientPenalty(
          between: 0..<count, and: count..<2 * count, random: StepProblem.interpolation,
          firstPair: part.lowerBound, weight: StepCell.penaltyWeight * share, mode: mode,
          gradients: .accumulate, in: context)
      }
    }
    try discriminatorOptimizer.step(
      discriminator.parameters, learningRate: StepCell.learningRate, in: context)
    return total
  }

  private func generatorStep(generated: Matrix, mode: Mode) throws -> Float {
    var total: Float = 0
    var rows = rowGradient
    for (slice, part) in slices.packs.enumerated() {
      let scores = try discriminator.forward(generated[rows: part], mode: mode, in: context)
      let gradient = scoreGradient[rows: 0..<part.count]
      let share = slices.share(of: slice)
      total += share * (try loss.generator(generated: scores, real: nil, gradient: gradient))
      try context.scale(gradient, by: share, into: gradient)
      guard
        let packGradient = try discriminator.backward(
          gradient, gradients: .skip, inputGradient: true, in: context)
      else { return total }
      if slices.isWhole && problem.cell.rowsPerPack == 1 {
        rows = packGradient
      } else {
        assembler.readGradient(
          packGradient, of: part, at: generated, into: rowGradient, in: context)
      }
    }
    _ = try generator.backward(rows, gradients: .overwrite, inputGradient: false, in: context)
    try generatorOptimizer.step(
      generator.parameters, learningRate: StepCell.learningRate, in: context)
    return total
  }
}

/// Our steps, timed while nothing else computes.
struct OwnStepWorkload: Workload {
  let step: OwnStep
  let rest: IdleWait
  let label: String

  func seconds(iterations: Int) throws -> Double {
    rest.wait()
    return try step.context.withTeam {
      for _ in 0..<StepSample.leadIn(iterations) { _ = try step.run() }
      let start = probe_nanoseconds()
      for _ in 0..<iterations { _ = try step.run() }
      return Double(probe_nanoseconds() - start) * 1e-9
    }
  }
}

/// How every side takes a sample of steps.
enum StepSample {
  /// Steps before those that count, in which the system moves woken threads apart: none where a
  /// sample is one long step.
  static func leadIn(_ iterations: Int) -> Int { iterations / 4 }
}
