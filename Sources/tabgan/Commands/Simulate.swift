// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Tabular

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write simulated rows, as test data of any size.",
    discussion: """
      \(Domains.all.compactMap(\.simulationSummary).first ?? "")

      Row i depends only on the seed and i. The file appears under its name only once it is \
      complete. A name that ends in .gz is compressed.

      Examples:
        tabgan simulate -n 1000000 -o trips.csv
        tabgan simulate -n 60000 --seed 2 -o trips.csv.gz
        tabgan simulate -n 3000000 -o trips.parquet
        tabgan simulate -n 5 -o -
      """)

  @OptionGroup var output: RowOutputOptions
  @OptionGroup var seed: SeedOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var progress: ProgressOption
  @OptionGroup var json: JSONFlag

  func run() throws {
    try OutputFile.check(output.output)
    let simulator = Domains.simulator(seed: seed.seed)
    let stream = RowStream(options: output, display: progress.display, threads: threads.count)
    let summary = try stream.write(schema: simulator.schema, chunk: 1 << 17) { writer, rows in
      guard let writer = writer as? CSVWriter, writer.dialect == simulator.schema.dialect else {
        return try writer.write(simulator.table(rows: rows))
      }
      // The simulator writes text itself, which is ten times as fast as writing a table.
      try simulator.writeRecords(rows, threads: threads.count) {
        try writer.write(records: $0)
      }
    }
    try summary.report(asJSON: json.json)
  }
}
