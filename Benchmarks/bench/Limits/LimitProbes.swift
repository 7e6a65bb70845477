// SPDX-License-Identifier: Apache-2.0

import CKernels

/// Every probe of a run of the kernels: the machine's limits, and what a call costs before it
/// works.
struct LimitProbes {
  struct Results {
    let limits: [MeasuredLimit]
    let latencies: [MeasuredLatency]
  }

  private let arithmetic: [ArithmeticProbe]
  private let instructions: [InstructionProbe]
  private let traffic: [TrafficProbe]
  private let regions: [RegionProbe]
  private let barriers: [BarrierProbe]

  /// - Parameter contexts: of the strongest instruction set, one for each number of threads.
  init(
    instructionSets: [ck_isa], threads: [Int], hierarchy: MemoryHierarchy, contexts: [BenchContext]
  ) {
    arithmetic = instructionSets.flatMap { set in
      threads.map { ArithmeticProbe(instructionSet: set, threads: $0) }
    }
    instructions = InstructionProbe.Kind.allCases.flatMap { kind in
      instructionSets.flatMap { set in
        threads.map { InstructionProbe(kind: kind, instructionSet: set, threads: $0) }
      }
    }
    traffic = TrafficProbe.all(in: hierarchy, threads: threads)
    regions = contexts.flatMap { context in
      [false, true].map { RegionProbe(context: context, isPersistent: $0) }
    }
    barriers = threads.filter { $0 > 1 }.map { BarrierProbe(threads: $0) }
  }

  /// The probes, those that start threads of their own waiting for the others' to rest.
  func workloads(rest: IdleWait) -> [any Workload] {
    func idle(_ probe: any Workload, _ threads: Int) -> any Workload {
      IdleWorkload(probe: probe, threads: threads, rest: rest)
    }
    var workloads: [any Workload] = arithmetic.map { idle($0, $0.threads) }
    workloads += instructions.map { idle($0, $0.threads) }
    workloads += traffic.map { idle($0, $0.threads) }
    workloads += regions
    workloads += barriers.map { idle($0, $0.threads) }
    return workloads
  }

  /// - Parameter summaries: of ``workloads(rest:)``, in their order.
  func results(_ summaries: some Collection<SampleSummary>) -> Results {
    var remaining = summaries[...]
    func take<Probe>(_ probes: [Probe]) -> [(Probe, SampleSummary)] {
      defer { remaining = remaining.dropFirst(probes.count) }
      return Array(zip(probes, remaining))
    }
    let limits =
      take(arithmetic).map { MeasuredLimit($0, $1) }
      + take(instructions).map { MeasuredLimit($0, $1) }
      + take(traffic).map { MeasuredLimit($0, $1) }
    let latencies =
      take(regions).map { MeasuredLatency($0.name, threads: $0.context.threads, $1) }
      + take(barriers).map {
        MeasuredLatency(
          "barrier", threads: $0.threads, $1, count: BarrierProbe.barriersPerCall)
      }
    return Results(limits: limits, latencies: latencies)
  }
}
