import CKernels
import Foundation

/// One run: every case on every instruction set and number of threads, between the machine's limits.
struct BenchRun {
  let cases: [KernelCase]
  let instructionSets: [ck_isa]
  let threads: [Int]
  var sampler: InterleavedSampler
  let filter: String?
  let full: Bool

  /// A case bound to a context, ready to be timed.
  private struct Entry {
    let kernelCase: KernelCase
    let context: KernelContext
    let deviation: Deviation
    let workload: KernelWorkload
  }

  /// Verifies and measures everything; `progress` is told what is being done.
  func execute(progress: (String) -> Void) throws -> BenchResult {
    let start = Date()
    let machine = Machine.current()
    let hierarchy = MemoryHierarchy(machine)
    let loadAtStart = Machine.loadAverage()

    let contexts = try instructionSets.flatMap { set in
      try threads.map { try KernelContext(instructionSet: set, threads: $0) }
    }
    var entries: [Entry] = []
    for (index, kernelCase) in cases.enumerated() {
      progress("preparing \(index + 1)/\(cases.count): \(kernelCase.label)")
      let prepared = kernelCase.prepare()
      for context in contexts {
        let deviation = try prepared.deviation(on: context)
        let call = try prepared.bind(to: context)
        entries.append(
          Entry(
            kernelCase: kernelCase, context: context, deviation: deviation,
            workload: KernelWorkload(label: kernelCase.label, context: context, call: call)))
      }
    }

    let arithmetic = instructionSets.flatMap { set in
      threads.map { ArithmeticProbe(instructionSet: set, threads: $0) }
    }
    let instructions = InstructionProbe.Kind.allCases.flatMap { kind in
      instructionSets.flatMap { set in
        threads.map { InstructionProbe(kind: kind, instructionSet: set, threads: $0) }
      }
    }
    let traffic = TrafficProbe.all(in: hierarchy, threads: threads)
    let regions = contexts.filter { $0.instructionSet == contexts.last?.instructionSet }
      .flatMap { context in
        [false, true].map { RegionProbe(context: context, isStanding: $0) }
      }
    let barriers = threads.filter { $0 > 1 }.map { BarrierProbe(threads: $0) }
    let circumstances = try self.circumstances()
    let rest = ProcessRest()
    func rested(_ probe: any Workload, threads: Int) -> any Workload {
      RestedWorkload(probe: probe, threads: threads, rest: rest)
    }
    var workloads: [any Workload] = entries.map(\.workload)
    workloads += arithmetic.map { rested($0, threads: $0.threads) }
    workloads += instructions.map { rested($0, threads: $0.threads) }
    workloads += traffic.map { rested($0, threads: $0.threads) }
    workloads += regions
    workloads += barriers.map { rested($0, threads: $0.threads) }
    workloads += circumstances.flatMap { [$0.usual, $0.unusual] }
    var rounds = 0
    let samples = try sampler.measure(workloads) { finished, share in
      rounds = finished
      progress("round \(finished), \(Format.percent(share)) of the time")
    }
    let summaries = samples.map { SampleSummary($0) }
    let pairs = samples.suffix(2 * circumstances.count)
    let measured = circumstances.enumerated().map { index, circumstance in
      MeasuredCircumstance(
        circumstance, usual: pairs[pairs.startIndex + 2 * index],
        unusual: pairs[pairs.startIndex + 2 * index + 1])
    }

    var remaining = summaries.dropFirst(entries.count)
    func take<Probe>(_ probes: [Probe]) -> Zip2Sequence<[Probe], ArraySlice<SampleSummary>> {
      defer { remaining = remaining.dropFirst(probes.count) }
      return zip(probes, remaining.prefix(probes.count))
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
    let results = zip(entries, summaries).map { entry, summary in
      result(of: entry, summary, limits: limits, hierarchy: hierarchy)
    }
    let information = try contexts.last?.information
    return BenchResult(
      date: start, machine: machine,
      build: .init(
        openMP: information?.openmp ?? 0, team: Int(information?.team ?? 1),
        instructionSets: instructionSets.map(\.name)),
      settings: .init(
        rounds: rounds, sampleSeconds: sampler.sampleSeconds,
        elapsedSeconds: Date().timeIntervalSince(start), filter: filter, full: full,
        loadAverageAtStart: loadAtStart, loadAverageAtEnd: Machine.loadAverage()),
      limits: limits, latencies: latencies, operations: results, peers: nil,
      circumstances: measured.isEmpty ? nil : measured)
  }

  /// Those whose names hold every word of the filter, on the strongest instruction set of the run.
  private func circumstances() throws -> [Circumstance] {
    guard let best = instructionSets.last, let most = threads.last else { return [] }
    let words = (filter ?? "").split(separator: " ")
    return try CircumstanceCases.all(instructionSet: best, threads: most).filter { circumstance in
      words.allSatisfy { circumstance.label.contains($0) }
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
