// SPDX-License-Identifier: Apache-2.0

import TableEngine

extension CommandFailure {
  /// What an error of the engine means to a user.
  init(_ error: EngineError) {
    switch error {
    case .library, .function:
      self.init(
        .unavailable, "\(error)",
        hint:
          "install it with `make setup-engine`, or name DuckDB's library with --engine PATH or "
          + "TABGAN_ENGINE; CSV files need none")
    case .engine(let kind, let problem, let details):
      self.init(
        Self.status(kind), "engine: \(problem)",
        hint: details.first { !$0.hasPrefix("LINE") && $0.contains(where: \.isLetter) }
          ?? Self.hint(kind))
    case .malformed:
      self.init(.data, "\(error)", hint: "this library may be another version: `make setup-engine`")
    case .unsupported:
      self.init(
        .data, "\(error)",
        hint: "leave such columns out with --skip-unsupported, or take their parts "
          + "in a query: --query 'select a.b as b from input'")
    case .infinity(let column, _):
      self.init(
        .data, "\(error)",
        hint: "leave such rows out: --query 'select * from input where isfinite(\(column))'")
    case .unstorable:
      self.init(.data, "\(error)", hint: "write CSV, or correct the type in schema.json")
    }
  }

  private static func status(_ kind: String) -> ExitStatus {
    switch kind {
    case "Parser Error", "Binder Error": .usage
    case "Out of Memory Error": .outOfMemory
    case "Extension Error": .unavailable
    default: .data
    }
  }

  private static func hint(_ kind: String) -> String {
    switch kind {
    case "Parser Error", "Binder Error": "correct --query; rows are named input"
    case "Out of Memory Error": "select fewer rows or columns, and sort or join less in --query"
    default: "check the file or the address"
    }
  }
}
