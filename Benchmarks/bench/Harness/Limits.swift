import CBenchProbes
import CKernels

/// Peak fp32 multiply-add of one instruction set: registers only, nothing else.
struct ArithmeticProbe: Workload {
  let instructionSet: ck_isa
  let threads: Int

  var label: String { "arithmetic limit, \(instructionSet.name), threads \(threads)" }

  /// One call is long enough that starting the threads does not count.
  private static let repeats: UInt64 = 100_000

  /// Floating-point operations of one call, over all threads.
  var operations: Double {
    probe_fma_operations(level) * Double(Self.repeats) * Double(threads)
  }

  func seconds(iterations: Int) -> Double {
    probe_fma(level, Int32(threads), Self.repeats * UInt64(iterations))
  }

  private var level: probe_isa { instructionSet.probe }
}

extension ck_isa {
  /// The probes' name for it.
  var probe: probe_isa {
    switch self {
    case CK_ISA_AVX2: return PROBE_AVX2
    case CK_ISA_AVX512: return PROBE_AVX512
    default: return PROBE_PORTABLE
    }
  }
}

/// Bandwidth at one working-set size, each thread on buffers of its own.
struct TrafficProbe: Workload {
  let traffic: MeasuredLimit.Traffic
  /// What the working set fits in, for example `L2` or `memory`.
  let place: String
  let threads: Int
  /// The size of each thread's buffer: of the source, and of the target, of a copy.
  let bytesPerThread: Int

  var label: String { "\(traffic.rawValue) limit, \(place), threads \(threads)" }

  /// Bytes read and written by one call, over all threads.
  var bytes: Double {
    let buffers = traffic == .copy ? 2.0 : 1
    return buffers * Double(bytesPerThread) * Double(repeats) * Double(threads)
  }

  /// Enough traffic in one call that starting the threads does not count.
  private var repeats: Int { max(1, (32 << 20) / bytesPerThread) }

  func seconds(iterations: Int) -> Double {
    let count = UInt64(repeats * iterations)
    switch traffic {
    case .copy: return probe_copy(bytesPerThread, Int32(threads), count)
    case .load: return probe_load(bytesPerThread, Int32(threads), count)
    case .store: return probe_store(bytesPerThread, Int32(threads), count)
    }
  }

  /// One probe for each kind of traffic, level of memory and number of threads.
  static func all(in hierarchy: MemoryHierarchy, threads: [Int]) -> [TrafficProbe] {
    MeasuredLimit.Traffic.allCases.flatMap { traffic in
      threads.flatMap { count in
        hierarchy.levels.map { level in
          // A shared cache is filled by all threads together.
          let share = level.isShared ? level.probeBytes / count : level.probeBytes
          return TrafficProbe(
            traffic: traffic, place: level.name, threads: count, bytesPerThread: share / 256 * 256)
        }
      }
    }
  }
}

/// Where operands lie: the caches that the machine names, and the memory behind them.
struct MemoryHierarchy {
  struct Level {
    let name: String
    /// What fits in it: the cache's size, or everything.
    let capacity: Double
    let isShared: Bool
    /// How large source and target of a copy are, each, so that both lie in it.
    let probeBytes: Int
  }

  let levels: [Level]

  init(_ machine: Machine) {
    var levels: [Level] = []
    for number in 1...3 {
      guard let bytes = machine.cacheBytes(level: number) else { continue }
      // The third level is the neighbours' too: half of it at most is ours.
      let divisor = number == 3 ? 6 : 3
      levels.append(
        Level(
          name: "L\(number)", capacity: Double(bytes) / (number == 3 ? 2 : 1),
          isShared: number == 3, probeBytes: bytes / divisor))
    }
    let last = machine.cacheBytes(level: 3) ?? machine.cacheBytes(level: 2) ?? 0
    levels.append(
      Level(
        name: "memory", capacity: .infinity, isShared: false,
        probeBytes: min(max(64 << 20, last * 2), 256 << 20)))
    self.levels = levels
  }

  /// The first level that holds `bytes` spread over `threads` private caches.
  func level(holding bytes: Double, threads: Int) -> Level {
    let fitting = levels.first { level in
      bytes <= level.capacity * (level.isShared ? 1 : Double(threads))
    }
    return fitting ?? levels[levels.count - 1]
  }
}

/// A limit of the machine as measured in a run.
struct MeasuredLimit: Codable, Equatable {
  enum Kind: String, Codable { case arithmetic, instructions, copy, load, store }
  /// The kinds that move bytes.
  enum Traffic: String, CaseIterable { case copy, load, store }

  let kind: Kind
  /// The instruction set of an arithmetic limit, the kind of instruction and the set, or the level
  /// of memory.
  let name: String
  let threads: Int
  /// Operations (of instructions: on 16 lanes) or bytes per second at the median sample.
  let median: Double
  /// The same at the best sample.
  let best: Double
  let spread: Double

  init(_ probe: ArithmeticProbe, _ summary: SampleSummary) {
    kind = .arithmetic
    name = probe.instructionSet.name
    threads = probe.threads
    median = (probe.operations / summary.medianSeconds).roundedToSignificant
    best = (probe.operations / summary.minimumSeconds).roundedToSignificant
    spread = summary.spread
  }

  init(_ probe: InstructionProbe, _ summary: SampleSummary) {
    kind = .instructions
    name = probe.name
    threads = probe.threads
    median = (probe.operations / summary.medianSeconds).roundedToSignificant
    best = (probe.operations / summary.minimumSeconds).roundedToSignificant
    spread = summary.spread
  }

  init(_ probe: TrafficProbe, _ summary: SampleSummary) {
    switch probe.traffic {
    case .copy: kind = .copy
    case .load: kind = .load
    case .store: kind = .store
    }
    name = probe.place
    threads = probe.threads
    median = (probe.bytes / summary.medianSeconds).roundedToSignificant
    best = (probe.bytes / summary.minimumSeconds).roundedToSignificant
    spread = summary.spread
  }
}
