// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Why a computation was refused; nothing has been written then.
public enum NumericError: Error, Sendable, Equatable, CustomStringConvertible {
  /// An operand has the wrong shape.
  case shapeMismatch(operand: String, expected: [Int], found: [Int])
  /// This machine does not have the instruction set.
  case instructionSetUnavailable(InstructionSet)
  /// A parameter is outside its range.
  case invalidParameter(String)
  /// There is not enough memory for `purpose`. `bytes` is nil if the size is unknown or not
  /// addressable.
  case outOfMemory(bytes: Int?, purpose: String)

  /// What is wrong with which operand or parameter, on one line.
  public var description: String {
    switch self {
    case .shapeMismatch(let operand, let expected, let found):
      "\(operand) has shape \(found), but \(expected) is needed"
    case .instructionSetUnavailable(let set):
      "this machine has no \(set.rawValue) (it has "
        + InstructionSet.available.map(\.rawValue).joined(separator: ", ") + ")"
    case .invalidParameter(let text): text
    case .outOfMemory(let bytes?, let purpose):
      "not enough memory: \(bytes) bytes are needed for \(purpose)"
    case .outOfMemory(nil, let purpose): "not enough memory for \(purpose)"
    }
  }
}

/// Turns a kernel's status into an error.
///
/// - Parameters:
///   - purpose: what the kernel needed memory for.
///   - output: what the kernel writes.
@inline(__always)
func check(
  _ status: ck_status, for purpose: @autoclosure () -> String = "a kernel's intermediate results",
  into output: @autoclosure () -> String = "The output"
) throws(NumericError) {
  if status != CK_OK { throw numericError(status, purpose(), output()) }
}

private func numericError(
  _ status: ck_status, _ purpose: String, _ output: String
) -> NumericError {
  switch status {
  case CK_ERROR_MEMORY: .outOfMemory(bytes: nil, purpose: purpose)
  case CK_ERROR_OVERLAP: .invalidParameter("\(output) overlaps another operand")
  // A context has an instruction set that the machine has: only weights can have another.
  case CK_ERROR_ISA:
    .invalidParameter("The weights were packed for another instruction set or another precision")
  default: .invalidParameter(String(cString: ck_status_text(status)))
  }
}

extension NumericError {
  /// Throws if a size, which comes with what it counts, is negative.
  static func requireSizes(_ sizes: KeyValuePairs<String, Int>) throws(NumericError) {
    for (counted, size) in sizes where size < 0 {
      throw .invalidParameter("The number of \(counted) is \(size), but it must not be negative")
    }
  }
}

extension Matrix {
  /// Throws unless the matrix has that shape.
  @inline(__always)
  func require(
    _ rows: Int, _ columns: Int, _ operand: @autoclosure () -> String
  ) throws(NumericError) {
    if self.rows != rows || self.columns != columns {
      throw .shapeMismatch(
        operand: operand(), expected: [rows, columns], found: [self.rows, self.columns])
    }
  }
}
