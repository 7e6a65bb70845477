/// Every case of the bench, in the order in which results are shown.
enum CaseList {
  static var all: [KernelCase] {
    DenseOperation.cases + SparseOperation.cases + ElementwiseOperation.cases
      + SoftmaxOperation.cases
      + BatchNormOperation.cases
      + OptimizerOperation.cases + RandomOperation.cases + ConversionOperation.cases
  }
}
