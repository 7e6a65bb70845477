import Tabular
import TabularEvaluation

/// Looks whether a finished model copies the rows that it has learned, with the help of guard rows
/// that it never saw.
struct CopyingWatch {
  /// Rows that are learned: all, or those that are searched.
  private let learned: Table
  private let guards: Table
  private let seed: UInt64

  /// Limit on the number of training rows to search; larger tables are sampled to bound the time.
  private static let mostLearned = 200_000

  init(learned: Table, guards: Table, seed: UInt64) {
    self.learned =
      learned.rowCount <= Self.mostLearned
      ? learned
      : learned.selecting(
        rows: RowSubset(count: learned.rowCount, seed: seed).first(Self.mostLearned))
    self.guards = guards
    self.seed = seed
  }

  /// Examines rows that the model generated.
  func result(of generated: Table, threads: Int) throws -> CopyingResult {
    guard guards.rowCount > 0 else { return CopyingResult(measured: nil) }
    do {
      return CopyingResult(
        measured: try CopyingGuard.measure(
          generated: generated, real: try Table(joining: [learned, guards]),
          isGuard: [Bool](repeating: false, count: learned.rowCount)
            + [Bool](repeating: true, count: guards.rowCount),
          seed: seed, threads: threads))
    } catch EvaluationError.nothingToJudge {
      // Ids and free text alone: there is nothing by which rows could be near each other.
      return CopyingResult(measured: nil)
    }
  }
}

/// What that came to, as `--json` prints it.
struct CopyingResult: Codable {
  /// Whether there were guard rows to look at.
  var watched: Bool
  /// Whether rows are copied.
  var alarm: Bool
  /// The estimated share of copies among generated rows, if the alarm is raised.
  var copied: Double?
  /// What was counted.
  var measured: CopyingGuard?

  init(measured: CopyingGuard?) {
    watched = measured != nil
    alarm = measured?.alarm ?? false
    copied = alarm ? measured?.copied : nil
    self.measured = measured
  }

  /// A line of the summary.
  var text: String {
    guard let measured else { return "memorization check: disabled (no held-out rows)" }
    return "memorization check: \(alarm ? "ALARM, " : "passed, ")\(Self.text(of: measured))"
  }

  /// What the user should know at once; nil where there is nothing.
  var warning: String? {
    guard let measured, let copied else { return nil }
    return """
      the model has begun to copy rows, about \(NumberText.percent(copied)) of what it generates: \
      \(Self.text(of: measured)). Train for fewer epochs (--epochs), or on more rows
      """
  }

  /// The tally that says most.
  private static func text(of measured: CopyingGuard) -> String {
    let isClose = measured.alarm && measured.close.chance < measured.all.chance
    let tally = isClose ? measured.close : measured.all
    return """
      \(NumberText.grouped(tally.nearestToGuard)) of \(NumberText.grouped(tally.rows)) \
      \(isClose ? "generated rows close to a real one" : "generated rows") are nearest to a guard \
      row, \(NumberText.significant(tally.expected, digits: 3)) would be without copying
      """
  }
}
