import CBenchProbes
import NumericCore

/// Peak fp32 multiply-add of one instruction set: registers only, nothing else.
struct ArithmeticProbe: Workload {
  let instructionSet: InstructionSet
  let threads: Int

  var label: String { "FMA peak, \(instructionSet.rawValue), \(threads) threads" }

  /// One call is long enough that starting the threads does not count.
  private static let repeats: UInt64 = 100_000

  /// Floating-point operations of one call, over all threads.
  var operations: Double {
    probe_fma_operations(level) * Double(Self.repeats) * Double(threads)
  }

  var isAvailable: Bool { probe_isa_available(level) != 0 }

  func seconds(iterations: Int) -> Double {
    probe_fma(level, Int32(threads), Self.repeats * UInt64(iterations))
  }

  private var level: probe_isa {
    switch instructionSet {
    case .avx2: return PROBE_AVX2
    case .avx512: return PROBE_AVX512
    default: return PROBE_PORTABLE
    }
  }
}

/// Copy bandwidth at one working-set size, each thread on buffers of its own.
struct CopyProbe: Workload {
  /// What the working set fits in, for example `L2` or `memory`.
  let place: String
  let threads: Int
  /// The size of the source, and of the target, of each thread.
  let bytesPerThread: Int

  var label: String { "copy, \(place), \(threads) threads" }

  /// Bytes read and written by one call, over all threads.
  var traffic: Double { 2 * Double(bytesPerThread) * Double(repeats) * Double(threads) }

  /// Enough traffic in one call that starting the threads does not count.
  private var repeats: Int { max(1, (32 << 20) / bytesPerThread) }

  func seconds(iterations: Int) -> Double {
    probe_copy(bytesPerThread, Int32(threads), UInt64(repeats * iterations))
  }

  /// One probe for each cache level that the machine names, and one well beyond the largest.
  static func all(on machine: Machine, threads: [Int]) -> [CopyProbe] {
    var sizes: [(String, Int)] = []
    for level in 1...3 {
      // Source and target together fill two thirds of a private cache, a third of the shared one.
      guard let bytes = machine.cacheBytes(level: level) else { continue }
      sizes.append(("L\(level)", bytes / (level == 3 ? 6 : 3)))
    }
    // A shared L3 can be larger than what a virtual machine is told.
    sizes.append(("memory", max(64 << 20, (machine.cacheBytes(level: 3) ?? 0) * 2)))
    return threads.flatMap { count in
      sizes.map { place, bytes in
        let share = place == "L3" ? bytes / count : bytes
        return CopyProbe(place: place, threads: count, bytesPerThread: share / 64 * 64)
      }
    }
  }
}

/// A limit of the machine as measured in a run.
struct MeasuredLimit: Codable {
  enum Kind: String, Codable { case arithmetic, copy }

  let kind: Kind
  /// The instruction set of an arithmetic limit, the level of memory of a copy limit.
  let name: String
  let threads: Int
  /// Operations or bytes per second at the median sample.
  let median: Double
  /// The same at the best sample.
  let best: Double
  let spread: Double

  init(_ probe: ArithmeticProbe, _ summary: SampleSummary) {
    kind = .arithmetic
    name = probe.instructionSet.rawValue
    threads = probe.threads
    median = probe.operations / summary.medianSeconds
    best = probe.operations / summary.minimumSeconds
    spread = summary.spread
  }

  init(_ probe: CopyProbe, _ summary: SampleSummary) {
    kind = .copy
    name = probe.place
    threads = probe.threads
    median = probe.traffic / summary.medianSeconds
    best = probe.traffic / summary.minimumSeconds
    spread = summary.spread
  }
}
