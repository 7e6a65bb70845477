// SPDX-License-Identifier: Apache-2.0

/// One line of a result: an operation at a shape, on an instruction set and a number of threads.
struct OperationResult: Codable, Equatable {
  let operation: String
  let shape: String
  let instructionSet: String
  let threads: Int
  let samples: Int
  let medianSeconds: Double
  let minimumSeconds: Double
  /// The interquartile range over the median.
  let spread: Double
  /// Floating-point operations of one call, where they are counted.
  let floatingPointOperations: Double?
  /// Bytes that one call reads and writes at least.
  let bytes: Double
  /// Floating-point operations for each of those bytes.
  let arithmeticIntensity: Double?
  let bound: Bound
  /// The median rate over the best sample of the limit: 0.9 is 90 %.
  ///
  /// The limit is measured in the same run with the same instruction set and threads. For an
  /// operation that is not arithmetic it is the longer of moving its operands at the copy bandwidth
  /// of where they lie, and of its instructions at their rates.
  let shareOfLimit: Double?
  /// The limit's name: an instruction set, a level of memory, or a kind of instruction.
  let limit: String?
  /// The largest error against the reference, in the unit of `errorBound`.
  let error: Double
  /// What the error may be at most; a result above it is wrong.
  let errorBound: Double
  /// What the error is relative to.
  let errorUnit: String

  var operationsPerSecond: Double? { floatingPointOperations.map { $0 / medianSeconds } }
  var bytesPerSecond: Double { bytes / medianSeconds }
  /// The error as a share of what it may be; infinite if it is not a number.
  var errorShare: Double { error.isNaN ? .infinity : error == 0 ? 0 : error / errorBound }
  /// False also if the error is not a number.
  var isCorrect: Bool { error <= errorBound }
}
