// SPDX-License-Identifier: Apache-2.0

import NumericCore

/// What a pass through a multilayer perceptron leaves behind for the backward passes.
package struct ForwardPass {
  /// The number of rows of the last pass.
  private(set) var rows: Int?
  /// The input of each layer, in parts; the first is the network's input.
  private(set) var inputs: [[MixedMatrix]] = []
  /// The output of each hidden layer's activation, before dropout.
  private(set) var activated: [Matrix] = []
  /// The dropout mask of each hidden layer, where there is one.
  package private(set) var applied: [Matrix?] = []

  private var masks: [DropoutMask]
  private var activatedStorage: [ReusableMatrix]
  private var droppedStorage: [ReusableMatrix]
  private var outputStorage = ReusableMatrix()

  init(masks: [DropoutMask]) {
    self.masks = masks
    activatedStorage = Array(repeating: ReusableMatrix(), count: masks.count)
    droppedStorage = Array(repeating: ReusableMatrix(), count: masks.count)
  }

  /// Runs the hidden layers and returns the last one's result, after dropout.
  ///
  /// - Parameter first: fills the first hidden layer's output where `x` is not at hand as a
  ///   product's operand; `x` is then only noted as the input.
  mutating func runHidden(
    _ x: [MixedMatrix], through maps: [AffineMap], activation: Activation, mode: Mode,
    in context: ComputeContext, first: ((Matrix) -> Void)? = nil
  ) throws -> [MixedMatrix] {
    let rows = x.rows
    self.rows = rows
    inputs.removeAll(keepingCapacity: true)
    activated.removeAll(keepingCapacity: true)
    applied.removeAll(keepingCapacity: true)
    var value = x
    for (index, map) in maps.dropLast().enumerated() {
      inputs.append(value)
      let output = try activatedStorage[index].matrix(rows: rows, columns: map.outputs)
      if index == 0, let first {
        first(output)
      } else {
        try map.forward(value, activation: activation, mode: mode, into: output, in: context)
      }
      activated.append(output)
      let mask = try masks[index].mask(
        rows: rows, columns: map.outputs, mode: mode, in: context)
      applied.append(mask)
      var result = output
      if let mask {
        result = try droppedStorage[index].matrix(rows: rows, columns: map.outputs)
        try context.multiply(output, mask, into: result)
      }
      value = [MixedMatrix(result)]
    }
    inputs.append(value)
    return value
  }

  /// Runs the whole network.
  mutating func run(
    _ x: [MixedMatrix], through maps: [AffineMap], activation: Activation, mode: Mode,
    into destination: Matrix?, in context: ComputeContext
  ) throws -> Matrix {
    let last = maps[maps.count - 1]
    let value = try runHidden(x, through: maps, activation: activation, mode: mode, in: context)
    let output = try outputStorage.matrix(
      rows: x.rows, columns: last.outputs, orExternal: destination, last.name)
    try last.forward(value, activation: .identity, mode: mode, into: output, in: context)
    return output
  }
}
