// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular
import TableTestSupport
import Testing
import TabularEncoding

@Suite struct EncodingMixtureTests {
  /// What scikit-learn found; made by `Scripts/goldens/make_mixture_goldens.py`.
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var values: [Double]
    var weights: [Double]
    var means: [Double]
    var deviations: [Double]
    var logDensity: Double
    var testDescription: String { name }
  }

  static let goldens: [Golden] = {
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/mixtures.json")
    return try! JSONDecoder().decode([Golden].self, from: Data(contentsOf: fixture))
  }()

  /// Both searches end in a local optimum, so components need not agree; how well they explain the
  /// values must.
  @Test(arguments: goldens)
  func explainsTheValuesAsWellAsScikitLearn(_ golden: Golden) {
    let mixture = GaussianMixture(fitting: golden.values)
    let density =
      golden.values.reduce(0) { $0 + mixture.logDensity($1) } / Double(golden.values.count)
    #expect(
      density >= golden.logDensity - 0.03,
      "mean log density \(density), scikit-learn's \(golden.logDensity); weights \(mixture.weights), means \(mixture.means), deviations \(mixture.deviations)"
    )
    #expect(mixture.weights.count <= golden.weights.count + 3, "\(mixture.weights)")
  }

  @Test func separateNormalsAreFound() throws {
    let golden = try #require(Self.goldens.first { $0.name == "three separate normals" })
    let mixture = GaussianMixture(fitting: golden.values)
    try #require(mixture.means.count == 3, "\(mixture)")
    let order = golden.means.indices.sorted { golden.means[$0] < golden.means[$1] }
    for (k, other) in order.enumerated() {
      #expect(abs(mixture.means[k] - golden.means[other]) <= 0.05, "mean \(k): \(mixture)")
      #expect(abs(mixture.weights[k] - golden.weights[other]) <= 0.01, "weight \(k): \(mixture)")
      let ratio = mixture.deviations[k] / golden.deviations[other]
      #expect(abs(ratio - 1) <= 0.02, "deviation \(k): \(mixture)")
    }
  }

  @Test(arguments: [0.001, 1, 1e9, 1e150, 1e300])
  func scaleDoesNotMatter(_ scale: Double) {
    let golden = Self.goldens[0]
    let (plain, scaled) = (
      GaussianMixture(fitting: golden.values),
      GaussianMixture(fitting: golden.values.map { $0 * scale })
    )
    #expect(plain.means.count == scaled.means.count)
    for (a, b) in zip(plain.means + plain.deviations, scaled.means + scaled.deviations) {
      #expect(abs(b / scale - a) <= 1e-6 * max(abs(a), 1), "\(a), scaled \(b)")
    }
  }

  @Test func hugeDistancesStayFinite() throws {
    let mixture = GaussianMixture(fitting: [-1.7e308, 1.7e308, 0, 1, 2])
    #expect((mixture.means + mixture.deviations + mixture.weights).allSatisfy { $0.isFinite })
    let encoder = try ModeSpecificEncoder(fitting: [-1.7e308, 1.7e308, 0, 1, 2])
    #expect(try encoder.scalars([-1.7e308, 0, 1.7e308]).allSatisfy { $0.isFinite })
    #expect(try encoder.roundTrip([-1.7e308, 0, 1.7e308]).allSatisfy { $0.isFinite })
  }

  @Test func modesAreDrawnByTheirPosterior() throws {
    var random = SampleRandom(seed: 2)
    let values = (0..<4000).map { i in (i % 2 == 0 ? -2.0 : 2) + 1.5 * random.normal() }
    let encoder = try ModeSpecificEncoder(fitting: values, modes: 2)
    var posterior = [Double](repeating: 0, count: encoder.mixture.weights.count)
    encoder.mixture.posterior(0.5, into: &posterior)
    #expect(abs(posterior.reduce(0, +) - 1) <= 1e-12)
    let blocks = encoder.transform(Array(repeating: 0.5, count: 20_000), seed: 4)
    guard case .code(let modes) = blocks[1] else { return }
    for k in posterior.indices {
      let share = Double(modes.count { Int($0) == k }) / 20_000
      #expect(abs(share - posterior[k]) <= 0.015, "mode \(k): \(share) of \(posterior)")
    }
  }

  @Test func centsComeBack() throws {
    var random = SampleRandom(seed: 8)
    let values = (0..<30_000).map { _ in EncodingSamples.rounded(20 + 3 * random.normal(), 2) }
    let encoder = try ModeSpecificEncoder(
      fitting: values, format: NumberFormat(style: .shortest, decimals: 2))
    let back = try encoder.roundTrip(values)
    let differing = zip(values, back).count { !($0 == $1) }
    // Only what is four deviations from its mode is clipped.
    #expect(differing <= 10)
    #expect(try encoder.scalars(values).allSatisfy { abs($0) <= 0.99 })
  }
}
