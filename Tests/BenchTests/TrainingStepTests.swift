// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore
import Testing

@testable import bench

@Suite("The training step")
struct TrainingStepTests {
  private static let small = [
    StepCell(objective: .crossEntropy, hidden: 32, batch: 20),
    StepCell(objective: .wassersteinPenalty, hidden: 32, batch: 60),
  ]

  @Test("the operations are those of the products, one by one")
  func operations() {
    let rows = 500.0
    let generator = [(128.0, 256.0), (256, 256), (256, 30)]
    let discriminator = [(30.0, 256.0), (256, 256), (256, 1)]
    var total = 0.0
    for (layer, (inputs, outputs)) in generator.enumerated() {
      // Forward, weights, and back to all but the noise.
      total += 2 * rows * inputs * outputs * (layer == 0 ? 2 : 3)
    }
    for (layer, (inputs, outputs)) in discriminator.enumerated() {
      // Real and generated: forward, weights, back to all but the rows.
      total += 2 * 2 * rows * inputs * outputs * (layer == 0 ? 2 : 3)
      // The generator's step: forward, and back to the rows.
      total += 2 * rows * inputs * outputs * 2
    }
    let cell = StepCell(objective: .crossEntropy, hidden: 256, batch: 500)
    #expect(cell.floatingPointOperations == total)
    let critic = StepCell(objective: .wassersteinPenalty, hidden: 256, batch: 500)
    let (first, hidden, last) = (300.0 * 256, 256.0 * 256, 256.0)
    // Six passes of the critic's step on two packs, four of the penalty, two of the generator's.
    let perPack = 2 * (10 * first + 12 * hidden + 12 * last)
    let (noise, row) = (128.0 * 256, 256.0 * 30)
    let perRow = 2 * (2 * noise + 3 * hidden + 3 * row)
    #expect(critic.floatingPointOperations == 500 * perRow + 50 * perPack)
  }

  @Test("the cells are those of the comparison, a part of them by default")
  func cells() {
    #expect(StepCell.all.count == 20)
    #expect(StepCell.all.allSatisfy { $0.batch % $0.rowsPerPack == 0 })
    let shown = StepCell.all.filter { !$0.onlyInFull }
    #expect(Set(shown.map(\.objective)).count == 2 && shown.count < 8)
  }

  @Test("the step has the same losses on any number of threads", arguments: small)
  func threads(cell: StepCell) throws {
    let losses = try [1, 2, 3].map { threads in
      let context = try ComputeContext(threads: threads)
      let step = try OwnStep(try StepProblem(cell, in: context), in: context)
      return try (0..<3).map { _ in try step.run() }
    }
    #expect(losses[0] == losses[1] && losses[1] == losses[2])
    #expect(losses[0].allSatisfy { $0.discriminator.isFinite && $0.generator.isFinite })
    #expect(losses[0][0] != losses[0][1])
  }

  @Test("the first loss is that of the plain formula in double precision")
  func firstLoss() throws {
    let cell = Self.small[0]
    let context = try ComputeContext(threads: 1)
    let problem = try StepProblem(cell, in: context)
    let generator = try problem.generator(in: context).tensors()
    let discriminator = try problem.discriminator(in: context).tensors()
    var total = 0.0
    for row in 0..<cell.batch {
      let noise = (0..<problem.noise.columns).map { Double(problem.noise[row, $0]) }
      let real = (0..<problem.real.columns).map { Double(problem.real[row, $0]) }
      let generated = try Self.apply(generator, "generator", noise) { max($0, 0) }.map { tanh($0) }
      let scores = try [real, generated].map { values in
        try Self.apply(discriminator, "discriminator", values) { $0 > 0 ? $0 : 0.2 * $0 }[0]
      }
      total += log(1 + exp(-scores[0])) + log(1 + exp(scores[1]))
    }
    let loss = try OwnStep(problem, in: context).run().discriminator
    #expect(abs(Double(loss) - total / Double(cell.batch)) <= 1e-5)
  }

  private static func apply(
    _ tensors: [String: Tensor], _ name: String, _ input: [Double],
    _ activation: (Double) -> Double
  ) throws -> [Double] {
    var values = input
    for layer in 0..<3 {
      let weight = try #require(tensors["\(name).\(layer).weight"])
      let bias = try #require(tensors["\(name).\(layer).bias"])
      let count = values.count
      let sums = bias.values.indices.map { output in
        (0..<count).reduce(Double(bias.values[output])) {
          $0 + Double(weight.values[output * count + $1]) * values[$1]
        }
      }
      values = layer < 2 ? sums.map(activation) : sums
    }
    return values
  }
}

@Suite("Agreement with other frameworks")
struct StepAgreementTests {
  private static let cell = StepCell(objective: .crossEntropy, hidden: 256, batch: 500)
  private static let ours = [StepLosses(discriminator: 1.35, generator: 0.69)]

  @Test("only losses that are ours agree")
  func distance() {
    let agreement = StepAgreement(Self.cell, ours: Self.ours)
    let exact = Self.ours.flatMap { [Double($0.discriminator), Double($0.generator)] }
    #expect(agreement.distance(of: exact) == 0)
    #expect(agreement.distance(of: [exact[0] + 1e-6, exact[1]]) < 1)
    #expect(agreement.distance(of: [exact[0], exact[1] + 2e-4]) > 1)
    #expect(agreement.distance(of: [.nan, exact[1]]) == .infinity)
    #expect(agreement.distance(of: [exact[0]]) == .infinity)
    #expect(agreement.distance(of: []) == .infinity)
  }

  @Test("losses of ours that are no numbers agree with nothing")
  func ownLossIsNoNumber() {
    let agreement = StepAgreement(
      Self.cell, ours: [StepLosses(discriminator: .nan, generator: 0.69)])
    #expect(agreement.distance(of: [.nan, 0.69]) == .infinity)
  }

  private static let python = Checkout.root + "/Benchmarks/.peers/training/bin/python"

  @Test(
    "every framework that was fetched does our step",
    .enabled(if: FileManager.default.isExecutableFile(atPath: python)),
    arguments: StepPeer.frameworks,
    [
      StepCell(objective: .crossEntropy, hidden: 64, batch: 64),
      StepCell(objective: .wassersteinPenalty, hidden: 64, batch: 60),
    ])
  func peers(framework: String, cell: StepCell) throws {
    let peer = try StepPeer(
      framework, python: Self.python, script: Checkout.root + "/Benchmarks/peers/peer_step.py",
      threads: 2)
    let context = try ComputeContext(threads: 2)
    let distances = try StepAgreement.distances(
      of: [peer], from: try StepProblem(cell, in: context), in: context)
    #expect(distances.allSatisfy { $0 < 1 })
    #expect(try peer.sample(leadIn: 1, steps: 2) > 0)
  }
}

@Suite("A framework in a process of its own")
struct StepPeerTests {
  private static func peer(_ script: String) throws -> StepPeer {
    let path = NSTemporaryDirectory() + "peer-\(UUID().uuidString).sh"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(script.utf8).write(to: URL(fileURLWithPath: path))
    return try StepPeer("generated", python: "/bin/sh", script: path, threads: 1)
  }

  @Test("answers are read line by line")
  func answers() throws {
    let peer = try Self.peer("echo peer 1.2; read a; echo losses 1.5 nan; read b; echo seconds 2")
    #expect(peer.version == "1.2")
    let losses = try peer.losses(steps: 1)
    #expect(losses.count == 2 && losses[0] == 1.5 && losses[1].isNaN)
    #expect(try peer.sample(leadIn: 0, steps: 1) == 2)
  }

  @Test(
    "what is no answer is an error with the peer's own words",
    arguments: ["error no room", "seconds nan", "seconds -1", "ready"])
  func failures(answer: String) throws {
    let peer = try Self.peer("echo peer 1; read a; echo \(answer)")
    #expect(throws: StepPeerFailure.self) { try peer.sample(leadIn: 0, steps: 1) }
  }

  @Test("a missing framework says so", arguments: ["echo error no module", "exit 1"])
  func missing(script: String) {
    #expect(throws: StepPeerFailure.self) { try Self.peer(script) }
  }

  @Test("without Python there is no peer")
  func noPython() {
    #expect(throws: StepPeerFailure.self) {
      try StepPeer("generated", python: "/nowhere/python", script: "x", threads: 1)
    }
  }
}
