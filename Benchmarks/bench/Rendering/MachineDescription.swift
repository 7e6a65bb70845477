// SPDX-License-Identifier: Apache-2.0

/// What a result says about the machine and the build, in a few lines for people.
enum MachineDescription {
  static func lines(_ machine: Machine, _ build: BenchResult.Build) -> [String] {
    var caches: [String] = []
    for cache in machine.caches where cache.kind != "Instruction" {
      caches.append("L\(cache.level) \(Format.bytes(Double(cache.bytes)))")
    }
    let openMP = build.openMP == 0 ? "none (one thread)" : "\(build.openMP), team \(build.team)"
    return [
      "machine           \(machine.key)",
      "processor         \(machine.processor), \(machine.logicalProcessors) logical"
        + (machine.isVirtual ? ", virtual machine" : ""),
      "caches            " + (caches.isEmpty ? "unknown" : caches.joined(separator: ", ")),
      "memory            \(Format.bytes(Double(machine.memoryBytes)))",
      "features          " + machine.features.joined(separator: " "),
      "system            \(machine.operatingSystem), \(machine.architecture)",
      "instruction sets  \(build.instructionSets.joined(separator: ", "))",
      "OpenMP            \(openMP)",
    ]
  }
}
