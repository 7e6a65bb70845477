// SPDX-License-Identifier: Apache-2.0

import Foundation
import NumericCore
import TableEngine
import Tabular
import TabularEvaluation
import TabularGAN

extension CommandFailure {
  /// What an error of a library means to a user: an exit status, one line, a hint.
  init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as TabularError: self.init(error)
    case let error as EngineError: self.init(error)
    case let error as ModelError: self.init(error)
    case let error as TrainingError: self.init(error)
    case let error as EvaluationError: self.init(error)
    case let error as RowConditionError:
      self.init(.usage, "--where \(error.problem)", hint: error.hint)
    case let error as ConditionalSamplingError: self.init(error)
    case NumericError.outOfMemory:
      self.init(
        .outOfMemory, "\(error)",
        hint:
          "free memory or raise its limit (ulimit -v, the container's), or ask for less: fewer or "
          + "narrower layers, a smaller --batch-size")
    case let error as NumericError:
      self.init(.internalError, "\(error)", hint: Self.reportHint)
    default:
      self.init(.internalError, Self.oneLine("\(error)"), hint: Self.reportHint)
    }
  }

  private static let reportHint = "this should not happen; please report it with the command"

  private init(_ error: TabularError) {
    switch error {
    case .file(let path, let reason, let hint):
      self.init(
        .inputOutput, "\(path): \(reason)", hint: hint ?? "check the path and its permissions")
    case .malformed(let path, let line, let problem, let hint):
      self.init(.data, "\(path)\(line.map { ":\($0)" } ?? ""): \(problem)", hint: hint)
    case .missingColumns(let columns, let available):
      self.init(
        .data, "schema: the table has no \(Self.columns(columns))",
        hint: TabularError.suggestion(for: columns, among: available))
    case .schema(let problem, let hint):
      self.init(
        .data, "schema: \(problem)",
        hint: hint ?? "`tabgan inspect FILE --json` prints a schema that fits the file")
    case .invalidTable(let problem, let hint):
      self.init(.data, "table: \(problem)", hint: hint ?? "`tabgan inspect FILE` shows the columns")
    case .encoding(let text):
      self.init(
        .data, "encoding: \(text)",
        hint: "look at the columns with `tabgan inspect`, and set their kinds with --schema")
    }
  }

  private init(_ error: ModelError) {
    switch error {
    case .notFound(let folder):
      self.init(
        .missingInput, "\(folder): there is no model here",
        hint: "name the folder that `tabgan train` wrote, with model.json in it")
    case .damaged(let file, let problem):
      self.init(
        .data, "\(file): the model is damaged: \(problem)",
        hint: "train again, or restore the folder from a copy")
    case .laterVersion(let folder, let found, let supported):
      self.init(
        .data,
        "\(folder): the model has format \(found), this program reads up to \(supported)",
        hint: "update tabgan (this is \(Version.current))")
    case .earlierVersion(let folder, let found, let supported):
      self.init(
        .data, "\(folder): the model has format \(found), this program reads format \(supported)",
        hint: "train it again, or generate with the tabgan that trained it")
    case .unwritable(let path, let reason):
      self.init(.cannotCreate, "\(path): \(reason)", hint: Self.writingHint(path))
    }
  }

  private init(_ error: TrainingError) {
    switch error {
    case .configuration(let text):
      self.init(.usage, "configuration: \(text)", hint: "see `tabgan train --help`")
    case .table(let text):
      self.init(.data, text, hint: "`tabgan inspect FILE` shows the inferred kind of each column")
    case .foreignCheckpoint:
      self.init(
        .data, "the checkpoint belongs to another run",
        hint: "give the command that was interrupted (the same table, options, seed and time), or "
          + "start over: remove checkpoint.safetensors from the model folder")
    case .damagedCheckpoint(let problem):
      self.init(
        .data, "the checkpoint is damaged: \(problem)",
        hint:
          "restore checkpoint.safetensors from a copy, or start over: remove it from the model "
          + "folder")
    case .diverged(let step):
      self.init(
        .data, "training diverged: a loss is not a number at step \(step)",
        hint: "look for extreme values with `tabgan inspect`, or try another --preset or --seed")
    }
  }

  private init(_ error: ConditionalSamplingError) {
    switch error {
    case .noCategory(let column, let categories):
      let shown = categories.prefix(20).map(VisibleText.value).joined(separator: ", ")
      self.init(
        .tooRare, "--where: no row can have such a value of column '\(column)'",
        hint:
          "the model makes \(shown)\(categories.count > 20 ? " and \(categories.count - 20) more" : "")"
      )
    case .tooRare(let tally, let wanted, let maxDraws):
      let rate =
        tally.accepted == 0
        ? "at most \(NumberText.percent(tally.interval.upperBound)) of them do"
        : "\(NumberText.percent(tally.rate)) of them, at most "
          + NumberText.percent(tally.interval.upperBound)
      var suggestions = ["widen the conditions"]
      if tally.accepted > 0 {
        suggestions.append(
          "make those that were found (-n \(tally.accepted) --max-draws \(tally.draws))")
      }
      suggestions.append("allow more than \(NumberText.grouped(maxDraws)) draws with --max-draws")
      self.init(
        .tooRare,
        "--where: \(NumberText.grouped(tally.accepted)) of \(NumberText.grouped(tally.draws)) rows "
          + "drawn met the conditions (\(rate), at 95 % confidence): too rare for "
          + NumberText.pluralized(wanted, "row"),
        hint: suggestions.joined(separator: ", or "))
    }
  }

  private init(_ error: EvaluationError) {
    switch error {
    case .unknownTarget(let name, let available):
      self.init(
        .usage, "--target: there is no usable column '\(name)'",
        hint: "choose one of \(available.map(VisibleText.value).joined(separator: ", "))")
    case .invalidOption(let text):
      self.init(.usage, text, hint: "see `tabgan evaluate --help`")
    case .emptyTable, .missingColumns, .nothingToCompare:
      self.init(.data, "\(error)", hint: "`tabgan inspect FILE` shows the columns of a file")
    }
  }

  /// "column 'a'", "columns 'a', 'b'".
  static func columns(_ names: [String]) -> String {
    "column\(names.count == 1 ? "" : "s") '\(names.joined(separator: "', '"))'"
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
