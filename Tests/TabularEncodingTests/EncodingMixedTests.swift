// SPDX-License-Identifier: Apache-2.0

import Tabular
import TableTestSupport
import Testing
import TabularEncoding

@Suite struct EncodingMixedTests {
  private static let cents = NumberFormat(style: .shortest, decimals: 2)

  private func tips(_ rows: Int) -> [Double] {
    var random = SampleRandom(seed: 6)
    return (0..<rows).map { row in
      row % 50 == 7
        ? .nan
        : random.uniform() < 0.5
          ? 0
          : random.uniform() < 0.2 ? 5.54 : EncodingSamples.rounded(9 * random.uniform(), 2)
    }
  }

  @Test(arguments: [EncodingConfiguration.standard, .ctgan, .poster])
  func pointMassesAndGapsComeBack(_ configuration: EncodingConfiguration) throws {
    let values = tips(5000)
    let encoder = try MixedEncoder(
      fitting: values, pointMasses: [0, 5.54], format: Self.cents, configuration: configuration)
    let back = try encoder.roundTrip(values)
    for (value, result) in zip(values, back) {
      #expect(
        value.isNaN ? result.isNaN : value == result, "\(value) came back as \(result)")
    }
    #expect(
      encoder.categories(ofSpan: 0) == [.value(0), .value(5.54), .named("other"), .missing])
    #expect(encoder.spans[0].width == 4)
  }

  @Test func onlyPointMassesNeedNoRemainder() throws {
    let encoder = try MixedEncoder(
      fitting: [1, 2, .nan], pointMasses: [1, 2], configuration: .standard)
    #expect(encoder.spans.map(\.width) == [3])
    #expect(throws: TabularError.self) { try encoder.transform([7], seed: 1) }
  }

  @Test(arguments: [EncodingConfiguration.standard, .ctgan, .poster])
  func aRemainderOfOneValueIsACategory(_ configuration: EncodingConfiguration) throws {
    let encoder = try MixedEncoder(
      fitting: [8, .nan, 8, 8], pointMasses: [], configuration: configuration)
    #expect(encoder.categories(ofSpan: 0) == [.value(8), .missing])
    let back = try encoder.roundTrip([.nan, 8])
    #expect(back[0].isNaN && back[1] == 8)
  }

  @Test func aGapThatWasNotFittedIsRefused() throws {
    let encoder = try MixedEncoder(
      fitting: [0, 1, 2, 3], pointMasses: [0], configuration: .standard)
    #expect(throws: TabularError.self) { try encoder.transform([0, .nan], seed: 1) }
  }

  @Test func pointMassesMayBeNegativeZeroAndRepeated() throws {
    let encoder = try MixedEncoder(
      fitting: [0, -0.0, 1, 2, 3], pointMasses: [-0.0, 0, .nan], configuration: .standard)
    #expect(encoder.categories(ofSpan: 0).first == .value(0))
    #expect(try encoder.roundTrip([-0.0, 0]).map(\.sign) == [.plus, .plus])
  }
}
