// SPDX-License-Identifier: Apache-2.0

/// An operation at a shape: what is measured on every instruction set and number of threads.
struct KernelCase {
  /// The public function without its prefix, for example `dense_forward_f32`.
  let operation: String
  /// The entries of kernel_list.def that do its work.
  let kernels: [String]
  let shape: String
  /// Floating-point operations of one call; nil where counting them says nothing.
  let operations: Double?
  /// Bytes that one call must read and write, each operand once.
  let bytes: Double
  /// Vector instructions of one call; nil where multiply-adds are all that counts.
  var instructions: InstructionCount?
  let bound: Bound
  /// Left out of a run without `--full`.
  let onlyInFull: Bool
  /// Makes the operands, which all contexts share.
  let prepare: () -> PreparedCase

  var label: String { "\(operation) \(shape)" }
}

/// A case with its operands.
protocol PreparedCase: AnyObject {
  /// A closure that does one call on `context`, with everything made beforehand that a user of the
  /// kernel makes once (packed weights, for example).
  func bind(to context: BenchContext) throws -> () throws -> Void

  /// Calls the kernel once on fresh operands and compares with the reference.
  func deviation(on context: BenchContext) throws -> Deviation
}

/// How far a result is from the reference, and how far it may be.
struct Deviation {
  /// The largest error, in the unit of `bound`; NaN if any value is.
  private(set) var error = 0.0
  let bound: Double
  /// What the error is relative to.
  let unit: String

  init(bound: Double, unit: String) {
    self.bound = bound
    self.unit = unit
  }

  /// False also if the error is not a number.
  var isWithinBound: Bool { error <= bound }

  /// The error as a share of what it may be; infinite if it is not a number.
  var share: Double {
    guard isWithinBound else { return error.isNaN ? .infinity : error / bound }
    return error == 0 ? 0 : error / bound
  }

  /// Takes in the distance from the exact value in units of the last place of `scale`, by default
  /// of the exact value itself.
  mutating func includeUlps(_ value: Float, exact: Double, scale: Double? = nil) {
    let unit = Float(abs(scale ?? exact)).ulp
    include(Double(value) == exact ? 0 : abs(Double(value) - exact) / Double(unit))
  }

  /// Takes in one value's error; a NaN, once in, stays.
  mutating func include(_ value: Double) {
    if !(value <= error) { error = error.isNaN ? error : value }
  }
}
