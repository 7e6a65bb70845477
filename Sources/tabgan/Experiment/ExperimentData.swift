// SPDX-License-Identifier: Apache-2.0

import Tabular

/// The rows of an experiment: what is trained on, in the order in which subsets grow, and what is
/// evaluated against.
struct ExperimentData {
  let schema: Schema
  let holdout: Table
  /// What was read, in words for people.
  let text: String
  /// Notes on how the table was interpreted.
  let notes: [SchemaNote]
  /// The greatest size.
  let largest: Int
  private let table: Table
  private let order: RowSubset

  init(
    plan: ExperimentPlan, table input: TableLocation, holdout heldInput: TableLocation?,
    reading: ReadingOptions, threads: Int
  ) throws {
    let source = try TableSource(input, options: reading, threads: threads)
      .cleaned(plan.cleaning)
    largest = plan.sizes.last ?? 0
    schema = source.schema
    notes = source.notes
    table = source.table
    order = RowSubset(count: table.rowCount, seed: plan.seed)
    let available: Int
    if let heldInput {
      let held = try TableSource(
        heldInput, options: reading, following: source, threads: threads
      ).cleaned(plan.cleaning)
      holdout = held.table
      available = table.rowCount
    } else {
      let held = table.rowCount / 5
      holdout = table.selecting(rows: order.last(held))
      available = table.rowCount - held
    }
    text =
      source.text
      + "holdout: \(NumberText.grouped(holdout.rowCount)) rows"
      + (plan.holdout == nil ? ", a random fifth that no run trains on" : "") + "\n"
    guard holdout.rowCount > 0 else {
      throw CommandFailure(
        .data, "there are no rows to evaluate against", hint: "give real rows with --holdout")
    }
    if let largest = plan.sizes.last, largest > available {
      let reason = plan.holdout == nil ? " once a fifth is set aside" : ""
      throw CommandFailure(
        .data,
        "\(plan.file.path): --sizes asks for \(largest) rows, there are \(available)\(reason)",
        hint: plan.holdout == nil
          ? "ask for at most \(available), or evaluate against other rows with --holdout"
          : "ask for at most \(available)")
    }
  }

  /// The first `size` rows of the permutation: each subset is part of every larger one.
  func subset(_ size: Int) -> Table { table.selecting(rows: order.first(size)) }
}
