// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Says what the machine and this build of the kernels offer.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Say what this machine and this build of the kernels offer.")

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let machine = Machine.current()
    let build = try BenchResult.Build.current()
    if json {
      let encoder = JSONEncoder.benchResults
      encoder.outputFormatting.insert(.prettyPrinted)
      let described = Described(key: machine.key, machine: machine, build: build)
      print(String(decoding: try encoder.encode(described), as: UTF8.self))
      return
    }
    print(MachineDescription.lines(machine, build).joined(separator: "\n"))
    if let load = Machine.loadAverage() {
      print("load average      \(load)")
    }
  }

  private struct Described: Encodable {
    let key: String
    let machine: Machine
    let build: BenchResult.Build
  }
}
