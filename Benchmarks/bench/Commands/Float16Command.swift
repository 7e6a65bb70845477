// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Charts
import Foundation

/// Shows the trade of float16's chain length: exactness against speed.
struct Float16Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "float16",
    abstract:
      "Show what the length of float16's sums in 16 bits costs in exactness and gains in speed.",
    discussion: """
      Errors are those of a 64 x 64 product of random operands, against exact arithmetic on the \
      operands before they were rounded, in units of the sum of the terms' sizes. Speeds are those \
      of one tile in the first-level cache beside the same in single precision, and stand only \
      where the machine has the instructions. Exits with 1 if an error is above its bound.
      """)

  @Option(help: "Terms of each sum.")
  var depth = 512

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if depth < 1 { throw ValidationError("--depth must be at least 1, not \(depth)") }
  }

  func run() throws {
    let lines = try HalfChains(depth: depth).lines()
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(lines), as: UTF8.self))
    } else {
      var table = TextTable([
        .left("operands"), .right("pairs in 16 bits"), .right("bound"),
        .right("rms, both signs"), .right("largest"), .right("largest, one sign"),
        .right("times float32"),
      ])
      for line in lines {
        table.append([
          line.format, line.chain.map { "\($0)" } ?? "none",
          String(format: "%.2e", line.bound), String(format: "%.2e", line.mixedRMS),
          String(format: "%.2e", line.mixedLargest), String(format: "%.2e", line.positiveLargest),
          line.speed.map { Format.fixed($0, digits: 2) } ?? "not here",
        ])
      }
      print(table.rendered())
    }
    func isWithin(_ line: HalfChains.Line) -> Bool {
      line.mixedLargest <= line.bound && line.positiveLargest <= line.bound
    }
    if !lines.allSatisfy(isWithin) { throw ExitCode.failure }
  }
}
