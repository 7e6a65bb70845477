// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import TabularEvaluation

/// The command line.
///
/// Only this target prints, reads the environment, or ends the process.
struct Tabgan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tabgan",
    abstract: "Train a generative adversarial network on a table, and generate synthetic rows.",
    discussion: """
      From a table to a synthetic one:
        tabgan inspect trips.csv.gz
        tabgan split trips.csv.gz -o train.csv --holdout-output unseen.csv
        tabgan train train.csv -o model/ --minutes 5
        tabgan generate model/ -n 100000 -o s.csv
        tabgan evaluate --real train.csv --holdout unseen.csv --synthetic s.csv

      Tables are CSV files (.csv, .csv.gz, .csv.zst) with a header line; with DuckDB's library \
      (--engine) also Parquet, JSON lines, databases and queries. --seed determines all random numbers, \
      and no result depends on the number of threads. Progress goes to standard error, results to \
      standard output.

      Exit status: 0 success, 64 usage error, 65 bad data, 66 no such input, 69 (nearly) no \
      row meets --where or the engine is missing, 70 internal error, 71 not enough memory, 73 cannot create the output, \
      74 reading or writing failed, 130 interrupted.
      """,
    version: Version.current,
    subcommands: [
      Inspect.self, Split.self, Train.self, Generate.self, Evaluate.self, Experiment.self,
      Simulate.self,
    ])
}
