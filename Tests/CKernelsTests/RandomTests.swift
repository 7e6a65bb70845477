// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import TestSupport
import Testing

@Suite struct RandomTests {
  /// The known answers of Random123 (Salmon et al., 2011).
  @Test(
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [UInt32.max, .max, .max, .max], [.max, .max],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func knownAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    var out = [UInt32](repeating: 0, count: 4)
    ck_reference_philox4x32_10(counter, key, &out)
    #expect(out == expected)
  }

  /// The vectorized generator makes the words of the reference: element i is word i % 4 of block
  /// i / 4.
  @Test(arguments: ck_isa.available) func uniformNumbersAreTheBlocks(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    let stream = ck_random_stream(seed: 0x1234_5678_9abc_def0, step: 77, purpose: 5)
    for first: UInt64 in [0, 1, 63, (1 << 34) - 5] {
      var y = [Float](repeating: 0, count: 200)
      #expect(ck_random_uniform_f32(context.pointer, 1, 200, stream, first, &y, 200) == CK_OK)
      for i in 0..<200 {
        let exact = ck_reference_uniform(stream, first + UInt64(i))
        #expect(y[i] == exact, "first \(first), element \(i)")
        #expect(y[i] > 0 && y[i] < 1)
      }
    }
  }

  /// Any way of asking gives the same numbers.
  @Test(arguments: ck_isa.available) func positionsNotCallsDecide(isa: ck_isa) throws {
    let context = try TestContext(isa: isa, threads: 3)
    let stream = ck_random_stream(seed: 8, step: 1 << 40 | 3, purpose: 2)
    let fills: [(Int64, Int64, UInt64, UnsafeMutablePointer<Float>, Int64) -> ck_status] = [
      { ck_random_uniform_f32(context.pointer, $0, $1, stream, $2, $3, $4) },
      { ck_random_normal_f32(context.pointer, $0, $1, 2, 3, stream, $2, $3, $4) },
      { ck_random_gumbel_f32(context.pointer, $0, $1, stream, $2, $3, $4) },
    ]
    for fill in fills {
      let whole = PoisonedMatrix(rows: 1, columns: 3000, pad: 0)
      #expect(fill(1, 3000, 10, whole.base, 3000) == CK_OK)
      let rows = PoisonedMatrix(rows: 40, columns: 75, pad: 6)
      #expect(fill(40, 75, 10, rows.base, Int64(rows.stride)) == CK_OK)
      #expect(rows.bits == whole.bits)
      #expect(rows.padsAreIntact)
      let part = PoisonedMatrix(rows: 1, columns: 501)
      #expect(fill(1, 501, 10 + 777, part.base, 501) == CK_OK)
      #expect(part.bits == Array(whole.bits[777..<1278]))
    }
  }

  /// Means and variances within five standard errors of a million.
  @Test(arguments: ck_isa.available) func moments(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    let n = 1_000_000
    let stream = ck_random_stream(seed: 1, step: 2, purpose: 3)
    func check(_ name: String, mean: Double, variance: Double, kurtosis: Double, _ y: [Float]) {
      let m = y.reduce(0.0) { $0 + Double($1) } / Double(n)
      let v = y.reduce(0.0) { $0 + (Double($1) - m) * (Double($1) - m) } / Double(n)
      #expect(abs(m - mean) <= 5 * (variance / Double(n)).squareRoot(), "\(name): mean \(m)")
      let spread = variance * ((kurtosis - 1) / Double(n)).squareRoot()
      #expect(abs(v - variance) <= 5 * spread, "\(name): variance \(v)")
    }
    var y = [Float](repeating: 0, count: n)
    ck_random_uniform_f32(context.pointer, 1, Int64(n), stream, 0, &y, Int64(n))
    check("uniform", mean: 0.5, variance: 1.0 / 12, kurtosis: 1.8, y)
    ck_random_normal_f32(context.pointer, 1, Int64(n), 2, 3, stream, 0, &y, Int64(n))
    check("normal", mean: 2, variance: 9, kurtosis: 3, y)
    let beyond = y.count { abs($0 - 2) > 6 }
    #expect(abs(Double(beyond) / Double(n) - 0.0455) <= 5 * (0.0455 / Double(n)).squareRoot())
    ck_random_gumbel_f32(context.pointer, 1, Int64(n), stream, 0, &y, Int64(n))
    check("Gumbel", mean: 0.577_215_664_9, variance: .pi * .pi / 6, kurtosis: 5.4, y)
  }
}
