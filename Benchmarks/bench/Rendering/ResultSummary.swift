// SPDX-License-Identifier: Apache-2.0

import Charts

/// A result as text for people.
struct ResultSummary {
  private let result: BenchResult

  init(_ result: BenchResult) {
    self.result = result
  }

  var machine: String {
    MachineDescription.lines(result.machine, result.build).joined(separator: "\n")
  }

  /// The machine's own limits: arithmetic by instruction set, bandwidth by level of memory.
  var limitTable: TextTable {
    let threads = Set(result.limits.map(\.threads)).sorted()
    var columns: [TextTable.Column] = [
      .left("limit (best sample)")
    ]
    for count in threads { columns.append(.right(Self.threads(count))) }
    columns.append(.right("spread"))
    var table = TextTable(columns)
    var seen: Set<String> = []
    for limit in result.limits where seen.insert(limit.kind.rawValue + limit.name).inserted {
      let row = threads.compactMap { count in
        result.limits.first {
          $0.kind == limit.kind && $0.name == limit.name && $0.threads == count
        }
      }
      let (title, unit) =
        switch limit.kind {
        case .arithmetic: ("fp32 multiply-add, ", " GFLOP/s")
        case .instructions: ("", " Gop/s")
        case .copy, .load, .store: (limit.kind.rawValue + ", ", " GB/s")
        }
      table.append(
        [title + limit.name] + row.map { Format.giga($0.best) + unit }
          + [Format.percent(row.map(\.spread).max() ?? 0)])
    }
    let names = [
      ("region", "empty parallel region"), ("standing team", "empty call of a persistent team"),
      ("barrier", "spinning barrier"),
    ]
    for (name, title) in names {
      let row = threads.map { count in
        result.latencies.first { $0.name == name && $0.threads == count }
      }
      guard row.contains(where: { $0 != nil }) else { continue }
      table.append(
        [title]
          + row.map { $0.map { Format.microseconds($0.minimumSeconds) + " µs" } ?? "" }
          + [Format.percent(row.compactMap { $0?.spread }.max() ?? 0)])
    }
    return table
  }

  /// One line for each case: the best instruction set on one thread and on all, the others beside.
  var caseTable: TextTable {
    let threads = threadCounts
    let best = result.build.instructionSets.last ?? ""
    let others = result.build.instructionSets.dropLast().reversed()
    var columns: [TextTable.Column] = [
      .left("operation"), .left("shape"),
    ]
    for count in threads {
      columns.append(.right("x\(count) ms"))
      columns.append(.right("rate"))
      columns.append(.right("of limit"))
    }
    if threads.count > 1 { columns.append(.right("speedup")) }
    for other in others { columns.append(.right(other)) }
    columns.append(.right("error"))
    var table = TextTable(columns)
    for key in caseKeys {
      let lines = result.operations.filter {
        $0.operation == key.operation && $0.shape == key.shape
      }
      func line(_ set: String, _ count: Int) -> OperationResult? {
        lines.first { $0.instructionSet == set && $0.threads == count }
      }
      var row = [key.operation, key.shape]
      for count in threads {
        guard let line = line(best, count) else {
          row += ["", "", ""]
          continue
        }
        row += [Format.milliseconds(line.medianSeconds), Self.rate(line), Self.share(line)]
      }
      if threads.count > 1 {
        let single = line(best, threads[0])?.medianSeconds
        let several = line(best, threads[threads.count - 1])?.medianSeconds
        if let single, let several {
          row.append(Format.fixed(single / several, digits: 2))
        } else {
          row.append("")
        }
      }
      for other in others { row.append(line(other, threads[0]).map(Self.share) ?? "") }
      // The largest error over instruction sets and threads, relative to its bound.
      let worst = lines.max { $0.errorShare < $1.errorShare }
      row.append(worst.map { Format.error($0.error, isCorrect: $0.isCorrect) } ?? "")
      table.append(row)
    }
    return table
  }

  /// What the stress cases cost; nil where they were not measured.
  var stressTable: TextTable? {
    guard !result.stressCases.isEmpty else { return nil }
    var table = TextTable([
      .left("stress case"), .left("call"), .right("usual ms"), .right("ms"),
      .right("times"), .right("spread"), .right("target"),
    ])
    for line in result.stressCases {
      table.append([
        line.name, line.call, Format.milliseconds(line.usualSeconds),
        Format.milliseconds(line.unusualSeconds),
        Format.fixed(line.ratio, digits: 2) + (line.isWithinTarget ? "" : " ABOVE"),
        Format.percent(line.spread), Format.fixed(line.target, digits: 1),
      ])
    }
    return table
  }

  /// A line for each case, instruction set and number of threads.
  var lineTable: TextTable {
    var table = TextTable([
      .left("operation"), .left("shape"), .left("set"), .right("threads"),
      .right("median ms"), .right("min ms"), .right("spread"), .right("GFLOP/s"),
      .right("GB/s"), .right("FLOP/byte"), .right("of limit"), .left("limit"),
      .right("error"),
      .right("bound"),
    ])
    for line in result.operations {
      table.append([
        line.operation, line.shape, line.instructionSet, "\(line.threads)",
        Format.milliseconds(line.medianSeconds), Format.milliseconds(line.minimumSeconds),
        Format.percent(line.spread), line.operationsPerSecond.map(Format.giga) ?? "",
        Format.giga(line.bytesPerSecond),
        line.arithmeticIntensity.map(Format.significant) ?? "", Self.share(line), line.limit ?? "",
        Format.error(line.error, isCorrect: line.isCorrect), Format.scientific(line.errorBound),
      ])
    }
    return table
  }

  /// Everything that `bench run` prints.
  ///
  /// - Parameter all: a line for every instruction set and number of threads.
  func text(all: Bool) -> String {
    var parts = [
      Headline(result).text, machine, limitTable.rendered(),
      (all ? lineTable : caseTable).rendered(),
    ]
    if let stressTable { parts.append(stressTable.rendered()) }
    parts.append([legend(all: all), hints(all: all)].joined(separator: "\n"))
    return parts.joined(separator: "\n\n")
  }

  /// What the columns mean.
  func legend(all: Bool) -> String {
    let settings = result.settings
    var lines = [
      "Medians of \(settings.rounds) samples, taken in turn over all cases in "
        + "\(Format.fixed(settings.elapsedSeconds, digits: 0)) s"
        + (settings.loadAverageAtStart.map { " (load before: \($0))" } ?? "") + ".",
      "rate: GFLOP/s of dense products, GB/s of all others. of limit: what the machine's limits with the "
        + "same threads allow over",
      "what it took: the instruction set's multiply-add; of all others the longer of their traffic at "
        + "the copy bandwidth of",
      "the level that holds the operands and of their instructions (operations on 16 lanes) at their "
        + "rates.",
    ]
    if !all, let best = result.build.instructionSets.last {
      lines.append(
        "x1, x2 ...: threads, on \(best). Columns of other instruction sets: of their limit, on one "
          + "thread.")
    }
    if threadCounts.last != 1 {
      lines.append("Several threads: while the team stands by, as within a training step.")
    }
    lines.append(
      "error: the largest against the reference; `bench verify --verbose` has the bounds.")
    return lines.joined(separator: "\n")
  }

  /// How to get what is not shown.
  private func hints(all: Bool) -> String {
    var lines: [String] = []
    if !all { lines.append("Every instruction set and number of threads: --all, --json FILE.") }
    if !result.settings.full {
      lines.append("Every shape: --full. One operation: --filter. What there is: `bench list`.")
    }
    return lines.joined(separator: "\n")
  }

  private var threadCounts: [Int] { Set(result.operations.map(\.threads)).sorted() }

  private struct CaseKey: Hashable {
    let operation: String
    let shape: String
  }

  /// The cases in the order in which they stand in the result.
  private var caseKeys: [CaseKey] {
    var seen: Set<CaseKey> = []
    return result.operations.map { CaseKey(operation: $0.operation, shape: $0.shape) }
      .filter { seen.insert($0).inserted }
  }

  private static func threads(_ count: Int) -> String {
    count == 1 ? "1 thread" : "\(count) threads"
  }

  private static func rate(_ line: OperationResult) -> String {
    switch line.bound {
    case .arithmetic: return (line.operationsPerSecond.map(Format.giga) ?? "") + " GF/s"
    case .memory, .instructions: return Format.giga(line.bytesPerSecond) + " GB/s"
    }
  }

  private static func share(_ line: OperationResult) -> String {
    line.shareOfLimit.map(Format.percent) ?? ""
  }
}
