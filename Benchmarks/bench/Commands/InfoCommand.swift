import ArgumentParser
import CKernels

/// Says what the machine and this build of the kernels offer.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Say what this machine and this build of the kernels offer.")

  func run() throws {
    let sets = KernelContext.availableInstructionSets
    let machine = Machine.current()
    let best = try KernelContext(instructionSet: sets[sets.count - 1], threads: 0)
    let information = try best.information
    let build = BenchResult.Build(
      openMP: information.openmp, team: Int(information.team),
      instructionSets: sets.map(\.name))
    print(MachineDescription.lines(machine, build).joined(separator: "\n"))
    if let load = Machine.loadAverage() {
      print("load average      \(load)")
    }
  }
}
