// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNetworks
import NumericCore
import TableEngine
import Tabular
import TabularGAN

/// The progress of a worker, in memory shared with its supervisor, so that it survives a crash.
struct FuzzProgress {
  private let words: UnsafeMutablePointer<Int64>

  /// - Parameter path: a small file, created if it is missing.
  init(_ path: String) {
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    defer { close(file) }
    ftruncate(file, 64)
    let mapped = mmap(nil, 64, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    guard let mapped, mapped != MAP_FAILED else { preconditionFailure("no shared memory") }
    words = mapped.bindMemory(to: Int64.self, capacity: 8)
  }

  /// The current input.
  var index: Int {
    get { Int(words[0]) }
    nonmutating set { words[0] = Int64(newValue) }
  }
  /// The numbers of accepted and of rejected inputs.
  var accepted: Int {
    get { Int(words[1]) }
    nonmutating set { words[1] = Int64(newValue) }
  }
  var refused: Int {
    get { Int(words[2]) }
    nonmutating set { words[2] = Int64(newValue) }
  }
}

/// Feeds inputs to one target, one by one.
struct FuzzWorker {
  let target: any FuzzTarget
  let name: String
  let seed: UInt64

  /// The outcome of an input that neither crashed nor took too long.
  enum Outcome {
    case accepted
    case refused(String)
    /// An error that a command would report as internal.
    case untyped(String)
  }

  func input(_ index: Int) throws -> [UInt8] {
    var random = FuzzRandom(target: name, seed: seed, index: index)
    return try target.input(&random)
  }

  func outcome(of input: [UInt8]) -> Outcome {
    do {
      try target.run(input)
      return .accepted
    } catch {
      switch error {
      case is TabularError, is ModelError, is TrainingError, is NumericError, is SafetensorsError,
        is RowConditionError, is ConditionalSamplingError, is EngineError:
        return .refused("\(error)")
      default: return .untyped("\(type(of: error)): \(error)")
      }
    }
  }

  /// Runs inputs `range`; ends the process at an untyped error.
  func run(_ range: Range<Int>, _ progress: FuzzProgress) throws {
    for index in range {
      progress.index = index
      switch outcome(of: try input(index)) {
      case .accepted: progress.accepted += 1
      case .refused: progress.refused += 1
      case .untyped(let text):
        FileHandle.standardError.write(Data("untyped error: \(text)\n".utf8))
        _exit(3)
      }
    }
    progress.index = range.upperBound
  }
}
