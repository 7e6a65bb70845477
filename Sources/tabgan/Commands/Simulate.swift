import ArgumentParser
import Foundation
import Tabular

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write simulated taxi trips, as test data of any size.",
    discussion: """
      Trips in the schema of New York's yellow taxis of 2016, from a documented model of the city: \
      hours and weekdays, streets and rivers, three airports, the tariff of 2016, tips, and the \
      faults of the real files at their real rates. Not a substitute for real data in claims of \
      fidelity.

      Row i depends only on the seed and i. The file appears under its name only once it is \
      complete. A name that ends in .gz is compressed.

      Examples:
        tabgan simulate -n 1000000 -o trips.csv
        tabgan simulate -n 60000 --seed 2 -o trips.csv.gz
        tabgan simulate -n 5 -o -
      """)

  @OptionGroup var output: RowOutputOptions
  @OptionGroup var seed: SeedOption
  @OptionGroup var threads: ThreadOption
  @OptionGroup var progress: ProgressOption
  @OptionGroup var json: JSONFlag

  func run() throws {
    try OutputFile.check(output.output)
    let simulator = TripSimulator(seed: seed.seed)
    let stream = RowStream(options: output, display: progress.display, threads: threads.count)
    let summary = try stream.write(schema: TripSimulator.schema, chunk: 1 << 17) { writer, rows in
      guard writer.dialect == TripSimulator.schema.dialect else {
        return try writer.write(simulator.table(rows: rows))
      }
      // The simulator writes text itself, which is ten times as fast as writing a table.
      try simulator.writeCSV(
        rows: rows, to: { try writer.write(records: $0) }, threads: threads.count, header: false)
    }
    try summary.report(asJSON: json.json)
  }
}
