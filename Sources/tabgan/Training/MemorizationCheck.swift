// SPDX-License-Identifier: Apache-2.0

import Tabular
import TabularEvaluation

/// Looks whether a finished model copies the rows that it has learned, with the help of monitoring
/// rows that it never saw.
struct MemorizationCheck {
  /// Rows that are learned: all, or those that are searched.
  private let training: Table
  private let monitoring: Table
  private let seed: UInt64

  /// Limit on the number of training rows to search; larger tables are sampled to bound the time.
  private static let maxTrainingRows = 200_000

  init(training: Table, monitoring: Table, seed: UInt64) {
    self.training =
      training.rowCount <= Self.maxTrainingRows
      ? training
      : training.selecting(
        rows: RowSubset(count: training.rowCount, seed: seed).first(Self.maxTrainingRows))
    self.monitoring = monitoring
    self.seed = seed
  }

  /// Examines rows that the model generated.
  func result(of generated: Table, threads: Int) throws -> MemorizationResult {
    guard monitoring.rowCount > 0 else { return MemorizationResult(measured: nil) }
    do {
      return MemorizationResult(
        measured: try MemorizationTest.measure(
          generated: generated, real: try Table(joining: [training, monitoring]),
          isMonitoring: [Bool](repeating: false, count: training.rowCount)
            + [Bool](repeating: true, count: monitoring.rowCount),
          seed: seed, threads: threads))
    } catch EvaluationError.nothingToCompare {
      // Ids and free text alone: there is nothing by which rows could be near each other.
      return MemorizationResult(measured: nil)
    }
  }
}

/// What that came to, as `--json` prints it.
struct MemorizationResult: Codable {
  /// Whether there were monitoring rows to look at.
  var performed: Bool
  /// Whether rows are copied.
  var detected: Bool
  /// The estimated share of copies among generated rows, if the alarm is raised.
  var memorizedShare: Double?
  /// What was counted.
  var measured: MemorizationTest?

  init(measured: MemorizationTest?) {
    performed = measured != nil
    detected = measured?.detected ?? false
    memorizedShare = detected ? measured?.memorizedShare : nil
    self.measured = measured
  }

  /// A line of the summary.
  var text: String {
    guard let measured else { return "memorization check: disabled (no held-out rows)" }
    return "memorization check: \(detected ? "ALARM, " : "passed, ")\(Self.text(of: measured))"
  }

  /// What the user should know at once; nil where there is nothing.
  var warning: String? {
    guard let measured, let memorizedShare else { return nil }
    return """
      the model memorizes training rows, about \(NumberText.percent(memorizedShare)) of the rows it generates: \
      \(Self.text(of: measured)). Train for fewer epochs (--epochs), or on more rows
      """
  }

  /// The tally that says most.
  private static func text(of measured: MemorizationTest) -> String {
    let isClose = measured.detected && measured.close.pValue < measured.all.pValue
    let tally = isClose ? measured.close : measured.all
    return """
      \(NumberText.grouped(tally.nearestToMonitoring)) of \(NumberText.grouped(tally.rows)) \
      \(isClose ? "generated rows close to a real one" : "generated rows") are nearest to a \
      monitoring row, \(NumberText.significant(tally.expected, digits: 3)) expected without memorization
      """
  }
}
