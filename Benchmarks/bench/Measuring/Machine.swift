// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The machine that results were measured on, as far as it tells.
struct Machine: Codable, Equatable {
  struct Cache: Codable, Equatable {
    let level: Int
    let kind: String
    let bytes: Int
    /// The logical processors that share one such cache, as Linux lists them, for example `0-1`.
    let sharedBy: String
  }

  let processor: String
  let architecture: String
  let operatingSystem: String
  /// The logical processors that this process may use.
  let logicalProcessors: Int
  let memoryBytes: UInt64
  /// The processor's feature flags that matter to numeric code.
  let features: [String]
  let caches: [Cache]
  /// Whether the operating system says that it runs on a hypervisor.
  let isVirtual: Bool

  /// Reads what the operating system says; what it does not say stays empty.
  static func current() -> Machine {
    let information = ProcessInfo.processInfo
    let fields = processorFields()
    let flags = (fields["flags"] ?? fields["Features"] ?? "").split(separator: " ").map(String.init)
    return Machine(
      processor: fields["model name"] ?? fields["CPU part"].map { "Arm part \($0)" } ?? "unknown",
      architecture: architecture,
      operatingSystem: information.operatingSystemVersionString,
      logicalProcessors: information.activeProcessorCount,
      memoryBytes: information.physicalMemory,
      features: flags.filter(isNumericFeature),
      caches: caches(),
      isVirtual: flags.contains("hypervisor"))
  }

  /// The load average over the last minute, the one sign of how quiet the machine is.
  static func loadAverage() -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8) else {
      return nil
    }
    return text.split(separator: " ").first.flatMap { Double($0) }
  }

  /// The differences from `other` that affect results, in words; empty for equivalent machines.
  func differences(from other: Machine) -> [String] {
    var found: [String] = []
    func compare<Value: Equatable>(_ name: String, _ value: (Machine) -> Value) {
      if value(self) != value(other) {
        found.append("\(name): \(value(other)) before, \(value(self)) after")
      }
    }
    compare("processor", \.processor)
    compare("architecture", \.architecture)
    compare("logical processors", \.logicalProcessors)
    compare("caches") { machine in
      machine.caches.filter { $0.kind != "Instruction" }
        .map { "L\($0.level) \(Format.bytes(Double($0.bytes)))" }.joined(separator: ", ")
    }
    for (one, two, when) in [(self, other, "after"), (other, self, "before")] {
      let own = Set(one.features).subtracting(two.features).sorted()
      if !own.isEmpty { found.append("features only \(when): \(own.joined(separator: " "))") }
    }
    return found
  }

  /// The size of the largest data or unified cache at `level`, in bytes.
  func cacheBytes(level: Int) -> Int? {
    caches.filter { $0.level == level && $0.kind != "Instruction" }.map(\.bytes).max()
  }

  private static var architecture: String {
    #if arch(x86_64)
      return "x86_64"
    #elseif arch(arm64)
      return "arm64"
    #else
      return "other"
    #endif
  }

  private static func isNumericFeature(_ flag: String) -> Bool {
    let exact: Set = ["sse2", "fma", "f16c", "asimd", "asimdhp", "bf16", "i8mm", "sve", "sve2"]
    return exact.contains(flag) || flag.hasPrefix("avx") || flag.hasPrefix("amx")
  }

  /// The first processor's fields of /proc/cpuinfo.
  private static func processorFields() -> [String: String] {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
      return [:]
    }
    var fields: [String: String] = [:]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty { break }
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      fields[parts[0].trimmingCharacters(in: .whitespaces)] =
        parts[1].trimmingCharacters(in: .whitespaces)
    }
    return fields
  }

  private static func caches() -> [Cache] {
    let root = "/sys/devices/system/cpu/cpu0/cache"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.filter { $0.hasPrefix("index") }.sorted().compactMap { name in
      func read(_ field: String) -> String? {
        (try? String(contentsOfFile: "\(root)/\(name)/\(field)", encoding: .utf8))?
          .trimmingCharacters(in: .whitespacesAndNewlines)
      }
      guard let level = read("level").flatMap({ Int($0) }), let kind = read("type"),
        let size = read("size"), let bytes = parseSize(size)
      else { return nil }
      return Cache(
        level: level, kind: kind, bytes: bytes, sharedBy: read("shared_cpu_list") ?? "")
    }
  }

  /// `32K` and `8M` as bytes.
  private static func parseSize(_ text: String) -> Int? {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let last = text.last else { return nil }
    guard let unit = units[last] else { return Int(text) }
    return Int(text.dropLast()).map { $0 * unit }
  }
}
