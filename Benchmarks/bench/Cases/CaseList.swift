// SPDX-License-Identifier: Apache-2.0

/// Every case of the bench, in the order in which results are shown. New cases are added here.
enum CaseList {
  static var all: [KernelCase] { groups.flatMap { $0 } }

  private static var groups: [[KernelCase]] {
    [
      DenseOperation.cases,
      SparseOperation.cases,
      ElementwiseOperation.cases,
      SoftmaxOperation.cases,
      BatchNormOperation.cases,
      OptimizerOperation.cases,
      RandomOperation.cases,
      ConversionOperation.cases,
    ]
  }
}
