import Tabular
import Testing

@Suite struct EncodingCategoryTests {
  @Test(arguments: [1, 2, 3, 1000, 65_534])
  func levelsComeBack(count: Int) throws {
    let values = (0..<count).map { Double($0 * 3) - 100 }
    let encoder = try CategoryEncoder(fitting: values)
    #expect(
      encoder.spans == [
        OutputSpan(column: 0, offset: 0, width: count, activation: .softmax, isCategory: true)
      ])
    guard case .code(let codes) = try encoder.transform(values, seed: 1)[0] else { return }
    #expect(codes.map(Int.init) == Array(0..<count), "\(count) levels")
    #expect(encoder.levels == values)
  }

  @Test func missingIsALevelOfItsOwn() throws {
    let values: [Double] = [4, .nan, 2, .nan]
    let encoder = try CategoryEncoder(fitting: values)
    let back = try encoder.roundTrip(values)
    #expect(back[0] == 4 && back[1].isNaN && back[2] == 2 && back[3].isNaN)
    #expect(encoder.levels(ofSpan: 0) == [.value(2), .value(4), .missing])
  }

  @Test func tooManyLevelsAreRefused() {
    #expect(throws: TabularError.self) {
      try CategoryEncoder(fitting: (0..<65_535).map(Double.init))
    }
  }

  @Test func unseenLevelsAreRefused() throws {
    let encoder = try CategoryEncoder(fitting: [1, 2])
    for value in [0, 1.5, 3, Double.nan] {
      #expect(throws: TabularError.self, "\(value)") { try encoder.transform([1, value], seed: 1) }
    }
  }

  @Test func theLargestPositionWins() throws {
    let encoder = try CategoryEncoder(fitting: [10, 20, 30])
    let rows: [([Float], Double)] = [
      ([0.2, 0.5, 0.3], 20), ([0, 0, 0], 10), ([0.4, 0.2, 0.4], 10), ([-1, -2, -0.5], 30),
    ]
    for (row, value) in rows { #expect(encoder.inverse(row) == value, "\(row)") }
  }

  @Test func constantsTakeTheMostFrequentValue() throws {
    #expect(ConstantEncoder(fitting: [3, 1, 3, .nan]).value == 3)
    #expect(ConstantEncoder(fitting: [2, 1]).value == 1)
    #expect(ConstantEncoder(fitting: [.nan]).value == nil)
    let back = try ConstantEncoder(fitting: [.nan]).roundTrip([.nan])
    #expect(back[0].isNaN)
  }
}
