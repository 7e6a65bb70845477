// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CKernels
import Charts

/// Compares the result of every case with the reference implementation.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compare every case with the reference, on every instruction set.",
    discussion: "Exits with 1 if any error is above its bound.")

  @OptionGroup var options: CaseOptions

  @Flag(help: "Print every case, not only those that are wrong.")
  var verbose = false

  func run() throws {
    let cases = try options.cases()
    let contexts = try options.instructionSets().flatMap { set in
      try options.threadCounts().map { try BenchContext(instructionSet: set, threads: $0) }
    }
    var table = TextTable([
      .left("operation"), .left("shape"), .left("set"), .right("threads"),
      .right("error"), .right("bound"), .left("relative to"), .left(""),
    ])
    var wrong = 0
    var worst: [String: (share: Double, label: String)] = [:]
    for kernelCase in cases {
      let prepared = kernelCase.prepare()
      for context in contexts {
        let deviation = try prepared.deviation(on: context)
        let set = context.instructionSet.name
        if deviation.share >= worst[set]?.share ?? 0 {
          worst[set] = (deviation.share, kernelCase.label)
        }
        if !deviation.isWithinBound { wrong += 1 }
        if verbose || !deviation.isWithinBound {
          table.append([
            kernelCase.operation, kernelCase.shape, set, "\(context.threads)",
            Format.scientific(deviation.error), Format.scientific(deviation.bound),
            deviation.unit, deviation.isWithinBound ? "" : "WRONG",
          ])
        }
      }
    }
    if verbose || wrong > 0 { print(table.rendered() + "\n") }
    for (set, worst) in worst.sorted(by: { $0.key < $1.key }) {
      print("\(set): nearest to its bound: \(worst.label), \(Format.percent(worst.share)) of it")
    }
    let count = cases.count * contexts.count
    print("\(count - wrong) of \(count) results are within their bounds of the reference")
    if wrong > 0 { throw ExitCode.failure }
  }
}
