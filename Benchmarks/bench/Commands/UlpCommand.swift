// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CKernels
import Charts
import Foundation

/// Measures the error of exp, log and tanh over every float.
struct UlpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ulp",
    abstract: "Measure the error of exp, log and tanh over every float.",
    discussion: """
      All 4,294,967,296 floats, on every instruction set, against double precision; minutes. Denormal \
      inputs count as zero, and zero is right for a result below the least normal float. Exits with \
      1 if an error is above 2 ulp.
      """)

  @Option(help: "Only every n-th float; an odd number meets all exponents and signs.")
  var stride = 1

  @OptionGroup var isa: InstructionSetOption

  @Option(help: "Threads.")
  var threads = 2

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if stride < 1 { throw ValidationError("--stride must be at least 1, not \(stride)") }
    if threads < 1 { throw ValidationError("--threads must be at least 1, not \(threads)") }
  }

  func run() throws {
    let scan = ElementaryScan(levels: try isa.instructionSets(), threads: threads, stride: stride)
    let worst = try ProgressLine.showing { show in
      try scan.run { show("ulp: \(Format.percent($0))") }
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      // An infinite error has no number in JSON.
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      print(String(decoding: try encoder.encode(worst), as: UTF8.self))
    } else {
      var table = TextTable([
        .left("function"), .left("set"), .right("worst ulp"), .right("at"),
        .right("bits"), .right("result"), .right("above 2 ulp"), .right("inputs"),
      ])
      for line in worst {
        table.append([
          line.function.rawValue, line.isa, Format.fixed(line.ulps, digits: 4),
          "\(Float(bitPattern: line.input))", String(format: "%08x", line.input),
          "\(line.output)", "\(line.beyond)", "\(line.inputs)",
        ])
      }
      print(table.rendered())
    }
    if worst.contains(where: { !($0.ulps <= ElementaryScan.bound) }) { throw ExitCode.failure }
  }
}
