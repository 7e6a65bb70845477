// SPDX-License-Identifier: Apache-2.0

/// An operation of a dense layer at a shape, as it is compared with other libraries.
struct DenseCell: ComparedCell {
  let operation: DenseProblem.Operation
  let shape: String

  var operationName: String { operation.rawValue }
}
