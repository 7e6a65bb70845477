// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import Testing

@Suite struct ConversionTests {
  @Test(arguments: ck_isa.available) func everyBFloat16ComesBack(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    let all = (0...UInt16.max).map { $0 }
    var wide = [Float](repeating: 0, count: all.count)
    #expect(
      ck_convert_half_to_f32(context.pointer, CK_BF16, Int64(all.count), all, &wide) == CK_OK)
    var back = [UInt16](repeating: 0, count: all.count)
    #expect(
      ck_convert_f32_to_half(context.pointer, CK_BF16, Int64(all.count), wide, &back) == CK_OK)
    for (code, (value, again)) in zip(all, zip(wide, back)) {
      #expect(value.bitPattern == UInt32(code) << 16)
      if value.isNaN {
        #expect(Float(bitPattern: UInt32(again) << 16).isNaN, "\(code)")
      } else {
        #expect(again == code, "\(code)")
      }
    }
  }

  /// To the nearest of the two neighbors, ties to the even one.
  @Test(arguments: ck_isa.available) func roundsToNearestEven(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    var inputs: [Float] = []
    for pattern in stride(from: UInt32(0), to: 0x7f80_0000, by: 65_521) {
      inputs.append(Float(bitPattern: pattern))
      inputs.append(-Float(bitPattern: pattern & 0xffff_0000 | 0x8000))
    }
    var out = [UInt16](repeating: 0, count: inputs.count)
    #expect(
      ck_convert_f32_to_half(context.pointer, CK_BF16, Int64(inputs.count), inputs, &out) == CK_OK
    )
    for (x, code) in zip(inputs, out) {
      let bits = x.bitPattern
      let (low, rest) = (UInt16(bits >> 16), bits & 0xffff)
      let up = rest > 0x8000 || (rest == 0x8000 && low & 1 == 1)
      #expect(code == (up ? low + 1 : low), "\(x)")
      #expect(ck_reference_round(CK_BF16, x) == code, "the reference of \(x)")
    }
  }

  /// Every half and back, and what lies around the middle between two of them.
  @Test(arguments: ck_isa.available) func float16(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    let all = (0...UInt16.max).map { $0 }
    var wide = [Float](repeating: 0, count: all.count)
    #expect(
      ck_convert_half_to_f32(context.pointer, CK_F16, Int64(all.count), all, &wide) == CK_OK)
    for (code, value) in zip(all, wide) {
      let exact = ck_reference_widen(CK_F16, code)
      #expect(Double(value) == exact || (value.isNaN && exact.isNaN), "\(code)")
      #expect((value.sign == .minus) == (code & 0x8000 != 0) || value.isNaN, "\(code)")
    }
    var inputs: [Float] = []
    for code in all[..<0x7c00] {
      let middle = (wide[Int(code)] + (code == 0x7bff ? 65536 : wide[Int(code) + 1])) / 2
      inputs += [middle.nextDown, middle, -middle.nextUp]
    }
    var out = [UInt16](repeating: 0, count: inputs.count)
    #expect(
      ck_convert_f32_to_half(context.pointer, CK_F16, Int64(inputs.count), inputs, &out) == CK_OK)
    for (i, code) in out.enumerated() {
      let low = UInt16(i / 3)
      #expect(code == [low, low + low % 2, (low + 1) | 0x8000][i % 3], "\(inputs[i])")
      #expect(ck_reference_round(CK_F16, inputs[i]) == code, "the reference of \(inputs[i])")
    }
    #expect(ck_convert_f32_to_half(context.pointer, CK_F16, 1, [.nan], &out) == CK_OK)
    #expect(ck_reference_widen(CK_F16, out[0]).isNaN)
  }
}
