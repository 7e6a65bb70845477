import CKernels
import Testing

@Suite struct ConversionTests {
  @Test(arguments: ck_isa.available) func everyBFloat16ComesBack(isa: ck_isa) throws {
    let context = try KernelContext(isa: isa)
    let all = (0...UInt16.max).map { $0 }
    var wide = [Float](repeating: 0, count: all.count)
    #expect(ck_convert_bf16_to_f32(context.pointer, Int64(all.count), all, &wide) == CK_OK)
    var back = [UInt16](repeating: 0, count: all.count)
    #expect(ck_convert_f32_to_bf16(context.pointer, Int64(all.count), wide, &back) == CK_OK)
    for (code, (value, again)) in zip(all, zip(wide, back)) {
      #expect(value.bitPattern == UInt32(code) << 16)
      if value.isNaN {
        #expect(Float(bitPattern: UInt32(again) << 16).isNaN, "\(code)")
      } else {
        #expect(again == code, "\(code)")
      }
    }
  }

  /// To the nearest of the two neighbours, ties to the even one.
  @Test(arguments: ck_isa.available) func roundsToNearestEven(isa: ck_isa) throws {
    let context = try KernelContext(isa: isa)
    var inputs: [Float] = []
    for pattern in stride(from: UInt32(0), to: 0x7f80_0000, by: 65_521) {
      inputs.append(Float(bitPattern: pattern))
      inputs.append(-Float(bitPattern: pattern & 0xffff_0000 | 0x8000))
    }
    var out = [UInt16](repeating: 0, count: inputs.count)
    #expect(ck_convert_f32_to_bf16(context.pointer, Int64(inputs.count), inputs, &out) == CK_OK)
    for (x, code) in zip(inputs, out) {
      let bits = x.bitPattern
      let (low, rest) = (UInt16(bits >> 16), bits & 0xffff)
      let up = rest > 0x8000 || (rest == 0x8000 && low & 1 == 1)
      #expect(code == (up ? low + 1 : low), "\(x)")
    }
  }
}
