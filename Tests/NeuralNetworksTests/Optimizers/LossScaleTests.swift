// SPDX-License-Identifier: Apache-2.0

import NeuralNetworks
import NumericCore
import Testing

@Suite("Dynamic loss scaling")
struct LossScaleTests {
  @Test("doubles after 2000 clean steps and halves after each overflow")
  func schedule() {
    var scale = LossScale()
    #expect(scale.factor == 65536)
    for _ in 0..<1999 { scale.noteCleanStep() }
    #expect(scale.factor == 65536)
    scale.noteCleanStep()
    #expect(scale.factor == 131072 && scale.cleanSteps == 0)
    for _ in 0..<1999 { scale.noteCleanStep() }
    scale.noteOverflow()
    #expect(scale.factor == 65536 && scale.cleanSteps == 0 && scale.skippedSteps == 1)
    scale.noteOverflow()
    #expect(scale.factor == 32768 && scale.skippedSteps == 2)
  }

  @Test("stays within the range of a Float")
  func largest() {
    var scale = LossScale(initial: 0x1p32)
    for _ in 0..<4000 { scale.noteCleanStep() }
    #expect(scale.factor == 0x1p32)
  }

  @Test("divides gradients exactly and finds what is not finite", arguments: [1, 7, 16, 33])
  func unscale(columns: Int) throws {
    let parameters = [
      try Parameter(name: "a", rows: 3, columns: columns), try Parameter(name: "b", count: columns),
    ]
    func fill() {
      for parameter in parameters {
        for row in 0..<parameter.gradient.rows {
          for column in 0..<columns {
            parameter.gradient[row, column] = Float(row - column) * 0.3 * 1024
          }
        }
      }
    }
    fill()
    #expect(LossScale.unscale(parameters, by: 1024))
    for parameter in parameters {
      for row in 0..<parameter.gradient.rows {
        for column in 0..<columns {
          let unscaled = Float(row - column) * 0.3
          #expect(abs(parameter.gradient[row, column] - unscaled) <= abs(unscaled) * 0x1p-23)
        }
      }
    }
    for bad in [Float.infinity, -.infinity, .nan] {
      for parameter in parameters {
        for column in [0, columns - 1] {
          fill()
          parameter.gradient[parameter.gradient.rows - 1, column] = bad
          #expect(!LossScale.unscale(parameters, by: 1024), "\(bad) at \(column)")
        }
      }
    }
  }
}
