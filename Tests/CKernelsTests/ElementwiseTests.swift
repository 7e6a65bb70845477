import CKernels
import Foundation
import TestSupport
import Testing

@Suite struct ElementwiseTests {
  /// The distance of a result from the exact value in units of the last place of its rounding.
  private func ulps(_ value: Float, _ exact: Double) -> Double {
    let rounded = Float(exact)
    if value == rounded { return 0 }
    if value.isNaN || rounded.isNaN || rounded.isInfinite { return .infinity }
    return abs(Double(value) - exact) / Double(rounded.ulp)
  }

  /// Every 4099th float, and what lies around special values: within 2 ulp, as documented. Denormals
  /// count as zero.
  @Test(arguments: ck_isa.available) func functionsAreWithinTwoUlp(isa: ck_isa) throws {
    let context = try KernelContext(isa: isa)
    var inputs: [Float] = []
    var pattern: UInt32 = 0
    while pattern < 0x7f80_0000 {
      inputs += [Float(bitPattern: pattern), -Float(bitPattern: pattern)]
      pattern += 4099
    }
    for i in 0..<20_000 { inputs.append(Float(i - 10_000) / 5000) }
    inputs += [0, -0.0, 1, -1, 0.625, -0.625, 88.7, 88.73, -87.3, -87.4, .infinity, -.infinity]
    let functions:
      [(
        String, (Int64, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> ck_status,
        (Double) -> Double
      )] = [
        ("exp", { ck_exp_f32(context.pointer, $0, $1, $2) }, { exp($0) }),
        ("log", { ck_log_f32(context.pointer, $0, $1, $2) }, { log($0) }),
        ("tanh", { ck_tanh_f32(context.pointer, $0, $1, $2) }, { tanh($0) }),
      ]
    for (name, function, exact) in functions {
      var results = [Float](repeating: 0, count: inputs.count)
      #expect(function(Int64(inputs.count), inputs, &results) == CK_OK)
      var worst = (ulps: 0.0, input: Float(0), result: Float(0))
      for (input, result) in zip(inputs, results) {
        let flushed = abs(input) < .leastNormalMagnitude ? 0 : input
        let reference = exact(Double(flushed))
        if reference.isNaN {
          #expect(result.isNaN, "\(name)(\(input)) = \(result)")
          continue
        }
        if abs(reference) < 1.2e-38 {
          #expect(abs(result) < 1.2e-38, "\(name)(\(input)) = \(result)")
          continue
        }
        if Float(reference).isInfinite {
          #expect(result == Float(reference), "\(name)(\(input)) = \(result)")
          continue
        }
        let distance = ulps(result, reference)
        if !(distance <= worst.ulps) { worst = (distance, input, result) }
      }
      #expect(worst.ulps <= 2, "\(name)(\(worst.input)) = \(worst.result): \(worst.ulps) ulp")
      var nan: [Float] = [.nan]
      _ = function(1, nan, &nan)
      #expect(nan[0].isNaN, "\(name) of NaN")
    }
  }

  @Test(arguments: ck_isa.available) func activations(isa: ck_isa) throws {
    let context = try KernelContext(isa: isa)
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
    let context = try KernelContext(isa: isa)
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
    let context = try KernelContext(isa: isa, threads: 1)
    let tiny = Float.leastNormalMagnitude / 4
    var y: [Float] = [7]
    ck_dense_forward_f32(
      context.pointer, 1, 1, 1, [tiny], 1, [1], 1, nil, ck_activation.all[0], &y, 1)
    #expect(y[0] == 0)
    let product = [tiny].map { $0 * 2 }
    #expect(product[0] != 0, "the caller's floating-point state has not been restored")
  }
}
