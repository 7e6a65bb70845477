// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Tabular

/// Which rows are removed before training: none, or those that a domain's cleaning removes.
struct Cleaning: Codable, Equatable, ExpressibleByArgument {
  static let none = Cleaning(name: "none")

  /// The value of the option: "none" or a domain's name.
  let name: String

  /// The domain whose cleaning applies; nil for no cleaning.
  var domain: (any TableDomain)? { Domains.all.first { $0.name == name } }

  private init(name: String) { self.name = name }

  init?(argument: String) {
    guard Self.allValueStrings.contains(argument) else { return nil }
    name = argument
  }

  static var allValueStrings: [String] {
    [none.name] + Domains.all.filter { $0.cleaningSummary != nil }.map(\.name)
  }

  var defaultValueDescription: String { name }

  init(from decoder: any Decoder) throws {
    name = try decoder.singleValueContainer().decode(String.self)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}

/// `--clean`.
struct CleaningOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "none: use every row, errors included"
        + Domains.all.compactMap { domain in
          domain.cleaningSummary.map { "; \(domain.name): leave out \($0)" }
        }.joined() + ".", valueName: "RULES"))
  var clean = Cleaning.none
}

/// The table that a command learns from.
struct TableOptions: ParsableArguments {
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var cleaning: CleaningOption

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Train on a random subset with this number of rows. It depends on --seed, and a smaller subset \
      is part of a larger one.
      """, valueName: "N"))
  var rows: Int?

  func validate() throws {
    if let rows, rows < 1 { throw ValidationError("--rows must be at least 1, not \(rows)") }
  }
}
