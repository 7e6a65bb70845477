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
    let traffic = TrafficProbe.all(in: hierarchy, threads: threads)
    let regions = contexts.filter { $0.instructionSet == contexts.last?.instructionSet }
      .flatMap { context in
        [false, true].map { RegionProbe(context: context, isStanding: $0) }
      }
    let barriers = threads.filter { $0 > 1 }.map { BarrierProbe(threads: $0) }
    let rest = ProcessRest()
    let workloads: [any Workload] =
      entries.map(\.workload)
      + arithmetic.map { RestedWorkload(probe: $0, threads: $0.threads, rest: rest) }
      + traffic.map { RestedWorkload(probe: $0, threads: $0.threads, rest: rest) } + regions
      + barriers.map { RestedWorkload(probe: $0, threads: $0.threads, rest: rest) }
    var rounds = 0
    let samples = try sampler.measure(workloads) { finished, share in
      rounds = finished
      progress("round \(finished), \(Format.percent(share)) of the time")
    }
    let summaries = samples.map { SampleSummary($0) }

    var remaining = summaries.dropFirst(entries.count)
    func take<Probe>(_ probes: [Probe]) -> Zip2Sequence<[Probe], ArraySlice<SampleSummary>> {
      defer { remaining = remaining.dropFirst(probes.count) }
      return zip(probes, remaining.prefix(probes.count))
    }
    let limits =
      take(arithmetic).map { MeasuredLimit($0, $1) } + take(traffic).map { MeasuredLimit($0, $1) }
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
      limits: limits, latencies: latencies, operations: results, peers: nil)
  }

  private func result(
    of entry: Entry, _ summary: SampleSummary, limits: [MeasuredLimit],
    hierarchy: MemoryHierarchy
  ) -> OperationResult {
    let kernelCase = entry.kernelCase
    let threads = entry.context.threads
    let limitName: String
    let rate: Double?
    switch kernelCase.bound {
    case .arithmetic:
      limitName = entry.context.instructionSet.name
      rate = kernelCase.operations.map { $0 / summary.medianSeconds }
    case .memory:
      limitName = hierarchy.level(holding: kernelCase.bytes, threads: threads).name
      rate = kernelCase.bytes / summary.medianSeconds
    }
    let limit = limits.first {
      $0.kind == (kernelCase.bound == .arithmetic ? .arithmetic : .copy)
        && $0.name == limitName && $0.threads == threads
    }
    var share: Double?
    if let rate, let limit { share = rate / limit.best }
    return OperationResult(
      operation: kernelCase.operation, shape: kernelCase.shape,
      instructionSet: entry.context.instructionSet.name, threads: threads,
      samples: summary.samples, medianSeconds: summary.medianSeconds,
      minimumSeconds: summary.minimumSeconds, spread: summary.spread,
      floatingPointOperations: kernelCase.operations, bytes: kernelCase.bytes,
      arithmeticIntensity: kernelCase.operations.map {
        ($0 / kernelCase.bytes).roundedToSignificant
      },
      bound: kernelCase.bound,
      shareOfLimit: share?.roundedToSignificant, limit: limit?.name,
      error: entry.deviation.error.roundedToSignificant,
      errorBound: entry.deviation.bound, errorUnit: entry.deviation.unit)
  }
}
