// SPDX-License-Identifier: Apache-2.0

/// Exit statuses, with the numbers of sysexits.h; `docs/reference/cli.md` lists them for users.
enum ExitStatus: Equatable {
  case usage
  case data
  case missingInput
  /// A condition that (nearly) no row of a model meets.
  case tooRare
  /// A library that is not part of the program is missing.
  case unavailable
  case internalError
  /// There is not enough memory.
  case outOfMemory
  case cannotCreate
  case inputOutput
  /// Ended by a signal: 128 and its number, as shells report it.
  case signal(Int32)

  var code: Int32 {
    switch self {
    case .usage: 64
    case .data: 65
    case .missingInput: 66
    case .tooRare, .unavailable: 69
    case .internalError: 70
    case .outOfMemory: 71
    case .cannotCreate: 73
    case .inputOutput: 74
    case .signal(let number): 128 + number
    }
  }
}
