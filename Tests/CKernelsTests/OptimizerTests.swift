import CKernels
import Foundation
import TestSupport
import Testing

@Suite struct OptimizerTests {
  /// Five steps beside double precision. Each step rounds a handful of times; errors of the moments
  /// carry over, so 40 roundings of the largest term bound each step's share.
  @Test(arguments: ck_isa.available, Sizes.ragged) func adam(isa: ck_isa, count: Int) throws {
    let context = try KernelContext(isa: isa)
    let value = PoisonedMatrix(rows: 1, columns: count, seed: 1)
    let g = PoisonedMatrix(rows: 1, columns: count)
    let m = PoisonedMatrix(rows: 1, columns: count)
    let v = PoisonedMatrix(rows: 1, columns: count)
    for c in 0..<count { (m[0, c], v[0, c]) = (0, 0) }
    var exact = (0..<count).map { Double(value[0, $0]) }
    var (em, ev) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    let (rate, b1, b2, eps, decay) = (Float(1e-2), Float(0.5), Float(0.9), Float(1e-8), Float(1e-3))
    for step in 1...5 {
      g.fill(seed: UInt64(10 + step))
      var adam = ck_adam(
        learning_rate: rate, beta1: b1, beta2: b2, epsilon: eps, weight_decay: decay,
        step: Int64(step))
      #expect(
        ck_adam_step_f32(context.pointer, Int64(count), &adam, g.base, m.base, v.base, value.base)
          == CK_OK)
      for i in 0..<count {
        let d = Double(g[0, i]) + Double(decay) * exact[i]
        em[i] = Double(b1) * em[i] + (1 - Double(b1)) * d
        ev[i] = Double(b2) * ev[i] + (1 - Double(b2)) * d * d
        let c1 = 1 - pow(Double(b1), Double(step))
        let c2 = 1 - pow(Double(b2), Double(step))
        exact[i] -= Double(rate) / c1 * em[i] / ((ev[i] / c2).squareRoot() + Double(eps))
      }
    }
    var comparison = Comparison()
    for i in 0..<count {
      comparison.add(
        value[0, i], exact[i], bound: 5 * roundoff * (2 * abs(exact[i]) + 40 * Double(rate) * 4),
        "\(i)")
    }
    #expect(comparison.passes, "\(count): \(comparison.failure ?? "")")
    #expect(value.padsAreIntact && m.padsAreIntact && v.padsAreIntact)
  }

  @Test(arguments: ck_isa.available, Sizes.ragged) func rmsprop(isa: ck_isa, count: Int) throws {
    let context = try KernelContext(isa: isa)
    let value = PoisonedMatrix(rows: 1, columns: count, seed: 1)
    let g = PoisonedMatrix(rows: 1, columns: count)
    let v = PoisonedMatrix(rows: 1, columns: count)
    for c in 0..<count { v[0, c] = 0 }
    var exact = (0..<count).map { Double(value[0, $0]) }
    var ev = [Double](repeating: 0, count: count)
    var rmsprop = ck_rmsprop(learning_rate: 1e-2, alpha: 0.99, epsilon: 1e-8, weight_decay: 1e-3)
    for step in 1...5 {
      g.fill(seed: UInt64(20 + step))
      #expect(
        ck_rmsprop_step_f32(context.pointer, Int64(count), &rmsprop, g.base, v.base, value.base)
          == CK_OK)
      for i in 0..<count {
        let d = Double(g[0, i]) + Double(rmsprop.weight_decay) * exact[i]
        ev[i] = Double(rmsprop.alpha) * ev[i] + (1 - Double(rmsprop.alpha)) * d * d
        exact[i] -=
          Double(rmsprop.learning_rate) * d / (ev[i].squareRoot() + Double(rmsprop.epsilon))
      }
    }
    var comparison = Comparison()
    for i in 0..<count {
      // 1 - alpha in single precision is off by 6e-6 of itself; a step is at most 0.1.
      comparison.add(
        value[0, i], exact[i],
        bound: 5 * roundoff * (2 * abs(exact[i]) + 40) * 0.1 + 5 * 0.1 * 4e-6,
        "\(i)")
    }
    #expect(comparison.passes, "\(count): \(comparison.failure ?? "")")
    #expect(value.padsAreIntact && v.padsAreIntact)
  }
}
