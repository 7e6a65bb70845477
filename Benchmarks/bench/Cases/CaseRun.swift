// SPDX-License-Identifier: Apache-2.0

import CKernels

/// One run: every case on every instruction set and number of threads, between the machine's
/// limits.
struct CaseRun {
  let cases: [KernelCase]
  let instructionSets: [ck_isa]
  let threads: [Int]
  let sampler: InterleavedSampler
  /// Words that the names of stress cases must contain.
  let filter: String?

  struct Outcome {
    let limits: [MeasuredLimit]
    let latencies: [MeasuredLatency]
    let operations: [OperationResult]
    let stressCases: [MeasuredStressCase]
    let rounds: Int
  }

  /// A case bound to a context, ready to be timed.
  private struct Entry {
    let kernelCase: KernelCase
    let context: BenchContext
    let deviation: Deviation
    let workload: KernelWorkload
  }

  /// Verifies and measures everything; `progress` receives what is being done.
  func execute(progress: (String) -> Void) throws -> Outcome {
    let hierarchy = MemoryHierarchy(.current())
    let contexts = try instructionSets.map { set in
      try threads.map { try BenchContext(instructionSet: set, threads: $0) }
    }
    let entries = try self.entries(on: contexts.flatMap { $0 }, progress: progress)
    let probes = LimitProbes(
      instructionSets: instructionSets, threads: threads, hierarchy: hierarchy,
      contexts: contexts.last ?? [])
    let probeWorkloads = probes.workloads(rest: IdleWait())
    let stressCases = try self.stressCases()

    var rounds = 0
    let samples = try sampler.measure(
      entries.map(\.workload) + probeWorkloads + stressCases.flatMap { [$0.usual, $0.unusual] }
    ) { finished, share in
      rounds = finished
      progress("round \(finished), \(Format.percent(share)) of the time")
    }

    let summaries = samples.map { SampleSummary($0) }
    let limits = probes.results(summaries.dropFirst(entries.count).prefix(probeWorkloads.count))
    let pairs = Array(samples.suffix(2 * stressCases.count))
    return Outcome(
      limits: limits.limits, latencies: limits.latencies,
      operations: zip(entries, summaries).map { entry, summary in
        result(of: entry, summary, limits: limits.limits, hierarchy: hierarchy)
      },
      stressCases: stressCases.enumerated().map { index, stressCase in
        MeasuredStressCase(
          stressCase, usual: pairs[2 * index], unusual: pairs[2 * index + 1])
      },
      rounds: rounds)
  }

  /// Every case on every context, verified.
  private func entries(
    on contexts: [BenchContext], progress: (String) -> Void
  ) throws -> [Entry] {
    try cases.enumerated().flatMap { index, kernelCase in
      progress("preparing \(index + 1)/\(cases.count): \(kernelCase.label)")
      let prepared = kernelCase.prepare()
      return try contexts.map { context in
        let deviation = try prepared.deviation(on: context)
        let call = try prepared.bind(to: context)
        return Entry(
          kernelCase: kernelCase, context: context, deviation: deviation,
          workload: KernelWorkload(label: kernelCase.label, context: context, call: call))
      }
    }
  }

  /// Those whose names hold every word of the filter, on the strongest instruction set of the run.
  private func stressCases() throws -> [StressCase] {
    guard let best = instructionSets.last, let maximum = threads.last else { return [] }
    let words = (filter ?? "").split(separator: " ")
    return try StressCase.all(instructionSet: best, threads: maximum).filter { stressCase in
      words.allSatisfy { stressCase.label.contains($0) }
    }
  }

  private func result(
    of entry: Entry, _ summary: SampleSummary, limits: [MeasuredLimit],
    hierarchy: MemoryHierarchy
  ) -> OperationResult {
    let kernelCase = entry.kernelCase
    let threads = entry.context.threads
    let set = entry.context.instructionSet.name
    var bound = kernelCase.bound
    var share: Double?
    var limitName: String?
    if let instructions = kernelCase.instructions {
      let level = hierarchy.level(holding: kernelCase.bytes, threads: threads).name
      if let limit = DerivedLimit(
        bytes: kernelCase.bytes, level: level, instructions: instructions, instructionSet: set,
        threads: threads, limits: limits)
      {
        (bound, limitName) = (limit.bound, limit.name)
        share = limit.seconds / summary.medianSeconds
      }
    } else if let operations = kernelCase.operations,
      let limit = limits.first(where: {
        $0.kind == .arithmetic && $0.name == set && $0.threads == threads
      })
    {
      limitName = limit.name
      share = operations / summary.medianSeconds / limit.best
    }
    return OperationResult(
      operation: kernelCase.operation, shape: kernelCase.shape,
      instructionSet: set, threads: threads,
      samples: summary.samples, medianSeconds: summary.medianSeconds,
      minimumSeconds: summary.minimumSeconds, spread: summary.spread,
      floatingPointOperations: kernelCase.operations, bytes: kernelCase.bytes,
      arithmeticIntensity: kernelCase.operations.map {
        ($0 / kernelCase.bytes).roundedToSignificant
      },
      bound: bound, shareOfLimit: share?.roundedToSignificant, limit: limitName,
      error: entry.deviation.error.roundedToSignificant,
      errorBound: entry.deviation.bound, errorUnit: entry.deviation.unit)
  }
}
