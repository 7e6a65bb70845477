import CBenchProbes
import CKernels

/// What a kernel asks of the vector units for one call, in operations on 16 lanes: the least that
/// its algorithm needs with every lane full.
///
/// A level whose vectors are shorter takes as many instructions as 16 lanes are vectors of its. Each
/// count is a lower bound of the time: of the units that multiply, of those that multiply to 64
/// bits, of the one that divides and takes roots, and of all vector units together.
struct InstructionCount {
  /// Fused multiply-adds and products.
  var multiplies = 0.0
  /// Products of 32-bit words to 64 bits.
  var wideMultiplies = 0.0
  var divisions = 0.0
  var roots = 0.0
  /// All of them, with additions, comparisons, selections, shifts, conversions and shuffles.
  var all = 0.0

  static func + (a: InstructionCount, b: InstructionCount) -> InstructionCount {
    InstructionCount(
      multiplies: a.multiplies + b.multiplies,
      wideMultiplies: a.wideMultiplies + b.wideMultiplies,
      divisions: a.divisions + b.divisions, roots: a.roots + b.roots, all: a.all + b.all)
  }

  static func * (a: InstructionCount, factor: Double) -> InstructionCount {
    InstructionCount(
      multiplies: a.multiplies * factor, wideMultiplies: a.wideMultiplies * factor,
      divisions: a.divisions * factor, roots: a.roots * factor, all: a.all * factor)
  }

  /// For `count` elements, of which 16 take these instructions.
  func over(elements count: Int) -> InstructionCount { self * (Double(count) / 16) }
}

/// The rate of one kind of vector instruction: registers only, nothing else.
struct InstructionProbe: Workload {
  enum Kind: String, CaseIterable {
    case wideMultiply = "wide multiply"
    case divide
    case root
    case any = "any vector"

    var probe: probe_instruction_kind {
      switch self {
      case .wideMultiply: return PROBE_WIDE_MULTIPLY
      case .divide: return PROBE_DIVIDE
      case .root: return PROBE_ROOT
      case .any: return PROBE_ANY
      }
    }
  }

  let kind: Kind
  let instructionSet: ck_isa
  let threads: Int

  var name: String { "\(kind.rawValue), \(instructionSet.name)" }
  var label: String { "\(name) limit, threads \(threads)" }

  private static let repeats: UInt64 = 20_000

  /// Operations on 16 lanes of one call, over all threads.
  var operations: Double {
    probe_instructions_per_iteration() * Double(Self.repeats) * Double(threads)
      * probe_lanes(instructionSet.probe) / 16
  }

  func seconds(iterations: Int) -> Double {
    probe_instruction(
      kind.probe, instructionSet.probe, Int32(threads), Self.repeats * UInt64(iterations))
  }
}

/// The least time of a kernel that computes element by element, and what it waits for.
struct DerivedLimit {
  let seconds: Double
  let bound: Bound
  /// The name of a measured limit.
  let name: String

  /// The longest of moving the operands and of each kind of instruction; nil where a limit of the
  /// machine was not measured.
  init?(
    bytes: Double, level: String, instructions: InstructionCount, instructionSet: String,
    threads: Int, limits: [MeasuredLimit]
  ) {
    func rate(_ kind: MeasuredLimit.Kind, _ name: String) -> Double? {
      limits.first { $0.kind == kind && $0.name == name && $0.threads == threads }?.best
    }
    func instruction(_ kind: InstructionProbe.Kind) -> (name: String, rate: Double)? {
      let name = "\(kind.rawValue), \(instructionSet)"
      return rate(.instructions, name).map { (name, $0) }
    }
    guard let traffic = rate(.copy, level),
      // A multiply-add counts two operations on each lane.
      let multiplyAdd = rate(.arithmetic, instructionSet).map({ $0 / 32 }),
      let wide = instruction(.wideMultiply), let divide = instruction(.divide),
      let root = instruction(.root), let any = instruction(.any)
    else { return nil }
    let divisions = instructions.divisions / divide.rate
    let roots = instructions.roots / root.rate
    let times: [(seconds: Double, bound: Bound, name: String)] = [
      (bytes / traffic, .memory, level),
      (instructions.multiplies / multiplyAdd, .instructions, instructionSet),
      (instructions.wideMultiplies / wide.rate, .instructions, wide.name),
      // Both take the same unit.
      (divisions + roots, .instructions, divisions > roots ? divide.name : root.name),
      (instructions.all / any.rate, .instructions, any.name),
    ]
    guard let longest = times.max(by: { $0.seconds < $1.seconds }) else { return nil }
    (seconds, bound, name) = longest
  }
}
