import CKernels

/// Why a computation was refused; nothing has been written then.
public enum NumericError: Error, Sendable, Equatable, CustomStringConvertible {
  /// An operand has the wrong shape.
  case shapeMismatch(operand: String, expected: [Int], found: [Int])
  /// This machine does not have the instruction set.
  case instructionSetUnavailable(InstructionSet)
  /// A parameter is outside its range.
  case invalidParameter(String)
  /// Memory could not be allocated.
  case outOfMemory

  public var description: String {
    switch self {
    case .shapeMismatch(let operand, let expected, let found):
      "\(operand) has shape \(found), but \(expected) is needed"
    case .instructionSetUnavailable(let set):
      "this machine has no \(set.rawValue) (it has "
        + InstructionSet.available.map(\.rawValue).joined(separator: ", ") + ")"
    case .invalidParameter(let text): text
    case .outOfMemory: "out of memory"
    }
  }
}

/// Turns a kernel's status into an error.
@inline(__always)
func check(_ status: ck_status) throws(NumericError) {
  if status != CK_OK { throw numericError(status) }
}

private func numericError(_ status: ck_status) -> NumericError {
  status == CK_ERROR_MEMORY
    ? .outOfMemory : .invalidParameter(String(cString: ck_status_text(status)))
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
