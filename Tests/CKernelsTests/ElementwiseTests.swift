// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import TestSupport
import Testing

@Suite struct ElementwiseTests {
  /// Every 4099th float, and all floats around the values where a branch is taken or a result
  /// overflows or vanishes: within 2 ulp, as documented. Denormals count as zero.
  /// `bench ulp` asks all floats.
  @Test(arguments: ck_isa.available) func functionsAreWithinTwoUlp(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    var inputs = stride(from: UInt32(0), through: .max - 4099, by: 4099).map(
      Float.init(bitPattern:))
    for edge: Float in [
      0, .leastNormalMagnitude, 0.25, 0.625, 0.70710678, 1, 1.41421356, 2, 9.01, 43.6,
      87.3365448, 88.7228390, 89, .greatestFiniteMagnitude,
    ] {
      for distance in UInt32(0)...500 {
        for bits in [edge.bitPattern &+ distance, edge.bitPattern &- distance] {
          inputs += [Float(bitPattern: bits), -Float(bitPattern: bits)]
        }
      }
    }
    typealias Kernel = (Int64, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> ck_status
    let functions: [(String, Kernel, (Float) -> Double)] = [
      ("exp", { ck_exp_f32(context.pointer, $0, $1, $2) }, ck_reference_exp),
      ("log", { ck_log_f32(context.pointer, $0, $1, $2) }, ck_reference_log),
      ("tanh", { ck_tanh_f32(context.pointer, $0, $1, $2) }, ck_reference_tanh),
    ]
    for (name, function, exact) in functions {
      var results = [Float](repeating: 0, count: inputs.count)
      #expect(function(Int64(inputs.count), inputs, &results) == CK_OK)
      var worst = (ulps: 0.0, input: Float(0), result: Float(0))
      for (input, result) in zip(inputs, results) {
        let ulps = ck_reference_ulps(result, exact(input))
        if !(ulps <= worst.ulps) { worst = (ulps, input, result) }
      }
      #expect(worst.ulps <= 2, "\(name)(\(worst.input)) = \(worst.result): \(worst.ulps) ulp")
    }
  }

  /// The sign of zero is kept where the function is odd.
  @Test(arguments: ck_isa.available) func tanhOfMinusZero(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    var y: [Float] = [1]
    #expect(ck_tanh_f32(context.pointer, 1, [-0.0], &y) == CK_OK)
    #expect(y[0] == 0 && y[0].sign == .minus)
  }

  /// The measure of errors must be able to find one.
  @Test(arguments: [
    (Float(1), 1.0, 0.0), (1, 1 + 0x1p-23, 1), (2, 2 - 0x1p-22, 2), (.infinity, 1e39, 0),
    (.infinity, 3e38, .infinity), (-.infinity, 1e39, .infinity), (.nan, 1, .infinity),
    (1, .nan, .infinity), (.nan, .nan, 0), (0, 1e-38, 0), (0, 1.2e-38, 0x1p23 * 1.2e-38 * 0x1p126),
    (0x1p-126, 1e-45, 0x1p23 - 1e-45 * 0x1p149), (1, .infinity, .infinity),
  ])
  func ulps(value: Float, exact: Double, expected: Double) {
    let ulps = ck_reference_ulps(value, exact)
    #expect(ulps == expected || abs(ulps - expected) <= 1e-9 * expected, "\(value), \(exact)")
  }

  @Test(arguments: ck_isa.available) func activations(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    for columns in Sizes.ragged {
      for act in ck_activation.all {
        let z = PoisonedMatrix(rows: 3, columns: columns, seed: 1)
        let h = PoisonedMatrix(rows: 3, columns: columns)
        let g = PoisonedMatrix(rows: 3, columns: columns, seed: 2)
        let dz = PoisonedMatrix(rows: 3, columns: columns)
        #expect(
          ck_activation_forward_f32(
            context.pointer, 3, Int64(columns), z.base, Int64(z.stride), act, h.base,
            Int64(h.stride)) == CK_OK)
        #expect(
          ck_activation_backward_f32(
            context.pointer, 3, Int64(columns), g.base, Int64(g.stride), h.base, Int64(h.stride),
            act, dz.base, Int64(dz.stride)) == CK_OK)
        var comparison = Comparison()
        for r in 0..<3 {
          for c in 0..<columns {
            let exact = ck_reference_activation(act, Double(z[r, c]))
            // tanh and exp err by 2 ulp; SELU and sigmoid put three more roundings on top.
            comparison.add(
              h[r, c], exact, bound: 12 * roundoff * abs(exact) + 1e-37, "forward [\(r), \(c)]")
            let slope = ck_reference_derivative(act, Double(h[r, c]))
            // 1 - h h cancels: its rounding counts against 1.
            comparison.add(
              dz[r, c], slope * Double(g[r, c]), bound: 6 * roundoff * abs(Double(g[r, c])) * 1.76,
              "backward [\(r), \(c)]")
          }
        }
        #expect(comparison.passes, "\(act.kind), \(columns) columns: \(comparison.failure ?? "")")
        #expect(h.padsAreIntact && dz.padsAreIntact)
      }
    }
  }

  @Test(arguments: ck_isa.available) func notANumberIsKept(isa: ck_isa) throws {
    let context = try TestContext(isa: isa)
    for act in ck_activation.all {
      var h: [Float] = [0, 0]
      ck_activation_forward_f32(context.pointer, 1, 2, [.nan, 1], 2, act, &h, 2)
      #expect(h[0].isNaN && !h[1].isNaN, "\(act.kind)")
    }
    let x = PoisonedMatrix(rows: 20, columns: 9, seed: 1)
    x[7, 3] = .nan
    let w = PoisonedMatrix(rows: 5, columns: 9, seed: 2)
    let y = PoisonedMatrix(rows: 20, columns: 5)
    ck_dense_forward_f32(
      context.pointer, 20, 5, 9, x.base, Int64(x.stride), w.base, Int64(w.stride), nil,
      ck_activation.all[1], y.base, Int64(y.stride))
    for r in 0..<20 { for c in 0..<5 { #expect(y[r, c].isNaN == (r == 7), "[\(r), \(c)]") } }
  }

  /// Denormals count as zero meanwhile, and the caller's own arithmetic keeps them.
  @Test(arguments: ck_isa.available) func denormals(isa: ck_isa) throws {
    let context = try TestContext(isa: isa, threads: 1)
    let tiny = Float.leastNormalMagnitude / 4
    var y: [Float] = [7]
    ck_dense_forward_f32(
      context.pointer, 1, 1, 1, [tiny], 1, [1], 1, nil, ck_activation.all[0], &y, 1)
    #expect(y[0] == 0)
    let product = [tiny].map { $0 * 2 }
    #expect(product[0] != 0, "the caller's floating-point state has not been restored")
  }
}
