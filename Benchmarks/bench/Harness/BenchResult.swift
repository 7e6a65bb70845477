import Foundation

/// What holds an operation back at a shape: arithmetic, or moving its operands.
enum Bound: String, Codable {
  case arithmetic
  case memory
}

/// One line of a result: an operation at a shape, on an instruction set and a number of threads.
struct OperationResult: Codable {
  let operation: String
  let shape: String
  let instructionSet: String
  let threads: Int
  let samples: Int
  let medianSeconds: Double
  let minimumSeconds: Double
  /// The distance between the quartiles over the median.
  let spread: Double
  /// Floating-point operations of one call, where they are counted.
  let floatingPointOperations: Double?
  /// Bytes that one call reads and writes at least.
  let bytes: Double
  let bound: Bound
  /// The median rate over the best sample of the limit: 0.9 is 90 %.
  ///
  /// The limit is measured in the same run with the same instruction set and threads. For a
  /// memory-bound operation it is the copy bandwidth of where its operands lie.
  let shareOfLimit: Double?
  /// The limit's name: an instruction set, or a level of memory.
  let limit: String?
  /// The largest error against the reference, in the unit of `errorBound`.
  let error: Double
  /// What the error may be at most; a result above it is wrong.
  let errorBound: Double
  /// What the error is relative to.
  let errorUnit: String

  var operationsPerSecond: Double? { floatingPointOperations.map { $0 / medianSeconds } }
  var bytesPerSecond: Double { bytes / medianSeconds }
  /// The error as a share of what it may be; infinite if it is not a number.
  var errorShare: Double { error.isNaN ? .infinity : error == 0 ? 0 : error / errorBound }
  /// False also if the error is not a number.
  var isCorrect: Bool { error <= errorBound }
}

/// Everything that one run of the bench found out.
struct BenchResult: Codable {
  struct Build: Codable {
    /// The OpenMP version (yyyymm) that the kernels were compiled with; 0 without OpenMP.
    let openMP: Int32
    /// The threads that a parallel region really got when the most were asked for.
    let team: Int
    let instructionSets: [String]
  }

  struct Settings: Codable {
    let rounds: Int
    let sampleSeconds: Double
    let elapsedSeconds: Double
    let filter: String?
    let full: Bool
    let loadAverageAtStart: Double?
    let loadAverageAtEnd: Double?
  }

  static let currentFormat = 1

  var format = BenchResult.currentFormat
  let date: Date
  let machine: Machine
  let build: Build
  let settings: Settings
  let limits: [MeasuredLimit]
  let operations: [OperationResult]

  /// The limit of arithmetic on an instruction set and a number of threads.
  func arithmeticLimit(_ instructionSet: String, threads: Int) -> MeasuredLimit? {
    limits.first {
      $0.kind == .arithmetic && $0.name == instructionSet && $0.threads == threads
    }
  }

  /// Writes the result as JSON, a line for each measurement; the file appears whole or not at all.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    func json(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    func lines(_ values: [some Encodable]) throws -> String {
      "[\n    " + (try values.map { try json($0) }.joined(separator: ",\n    ")) + "\n  ]"
    }
    let text = """
      {
        "format": \(format),
        "date": \(try json(date)),
        "machine": \(try json(machine)),
        "build": \(try json(build)),
        "settings": \(try json(settings)),
        "limits": \(try lines(limits)),
        "operations": \(try lines(operations))
      }

      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}
