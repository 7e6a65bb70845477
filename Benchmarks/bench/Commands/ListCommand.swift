// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CBenchProbes
import Charts

/// Lists the cases, and the kernels that no case exercises.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the cases; fail if a kernel has none.")

  @OptionGroup var options: CaseOptions

  func run() throws {
    var table = TextTable([
      .left("operation"), .left("shape"), .left("bound by"), .left("kernels"),
    ])
    for kernelCase in try options.cases() {
      table.append([
        kernelCase.operation, kernelCase.shape, kernelCase.bound.rawValue,
        kernelCase.kernels.joined(separator: " "),
      ])
    }
    print(table.rendered())

    let known = (0..<probe_kernel_count()).compactMap { index in
      probe_kernel_name(index).map { String(cString: $0) }
    }
    let exercised = Set(CaseList.all.flatMap(\.kernels))
    let without = known.filter { !exercised.contains($0) }
    let unknown = exercised.subtracting(known).sorted()
    guard without.isEmpty && unknown.isEmpty else {
      for kernel in without { print("no case exercises the kernel \(kernel)") }
      for kernel in unknown { print("a case names \(kernel), which is no kernel") }
      throw ExitCode.failure
    }
    print("\n\(known.count) kernels, each exercised by at least one of \(CaseList.all.count) cases")
  }
}
