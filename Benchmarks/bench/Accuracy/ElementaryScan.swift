// SPDX-License-Identifier: Apache-2.0

import CKernels
import CKernelsReference
import Synchronization
import WorkSharing

/// Compares the elementary functions with double precision over all floats, or every n-th.
struct ElementaryScan: Sendable {
  /// The largest error of one function at one level.
  struct Worst: Codable, Sendable {
    let function: ElementaryFunction
    let isa: String
    /// Bits of the input with the largest error, and what came out.
    var input: UInt32 = 0
    var output: Float = 0
    var ulps = -1.0
    /// Inputs with more than the bound.
    var beyond = 0
    var inputs = 0

    mutating func add(_ input: UInt32, _ output: Float, ulps: Double, bound: Double) {
      inputs += 1
      if !(ulps <= bound) { beyond += 1 }
      if !(ulps <= self.ulps) { (self.input, self.output, self.ulps) = (input, output, ulps) }
    }

    mutating func merge(_ other: Worst) {
      inputs += other.inputs
      beyond += other.beyond
      if !(other.ulps <= ulps) { (input, output, ulps) = (other.input, other.output, other.ulps) }
    }
  }

  /// The documented error.
  static let bound = 2.0
  private static let block = 1 << 16

  let levels: [ck_isa]
  let threads: Int
  /// Every n-th bit pattern.
  let stride: Int

  private struct Progress {
    var nextBlock = 0
    var worst: [Worst] = []
    var failure: (any Error)?
  }

  private var inputCount: Int { ((1 << 32) + stride - 1) / stride }
  private var blockCount: Int { (inputCount + Self.block - 1) / Self.block }

  /// Runs on all threads; `report` hears the share that is done from one of them.
  func run(report: (Double) -> Void) throws -> [Worst] {
    let progress = Mutex(Progress())
    // Only the first worker reports, so `report` stays on the calling side of one thread at a time.
    nonisolated(unsafe) let report = report
    parallelFor(threads, threads: threads) { worker in
      do {
        let found = try work(progress) { if worker == 0 { report($0) } }
        progress.withLock { state in
          if state.worst.isEmpty {
            state.worst = found
          } else {
            for i in found.indices { state.worst[i].merge(found[i]) }
          }
        }
      } catch {
        progress.withLock { $0.failure = error }
      }
    }
    return try progress.withLock { state in
      if let failure = state.failure { throw failure }
      return state.worst
    }
  }

  private func work(
    _ progress: borrowing Mutex<Progress>, report: (Double) -> Void
  ) throws -> [Worst] {
    let contexts = try levels.map { try BenchContext(instructionSet: $0, threads: 1) }
    var worst = ElementaryFunction.allCases.flatMap { function in
      levels.map { Worst(function: function, isa: $0.name) }
    }
    var inputs = [Float](repeating: 0, count: Self.block)
    var outputs = inputs
    var exact = [Double](repeating: 0, count: Self.block)
    while true {
      let block = progress.withLock { state in
        defer { state.nextBlock += 1 }
        return state.nextBlock
      }
      guard block < blockCount else { return worst }
      report(Double(block) / Double(blockCount))
      let first = block * Self.block
      let count = min(Self.block, inputCount - first)
      for i in 0..<count { inputs[i] = Float(bitPattern: UInt32((first + i) * stride)) }
      for (f, function) in ElementaryFunction.allCases.enumerated() {
        for i in 0..<count { exact[i] = function.exact(inputs[i]) }
        for (l, context) in contexts.enumerated() {
          try inputs.withUnsafeBufferPointer { x in
            try function.evaluate(
              on: context, UnsafeBufferPointer(rebasing: x[0..<count]), into: &outputs)
          }
          for i in 0..<count {
            worst[f * levels.count + l].add(
              UInt32((first + i) * stride), outputs[i],
              ulps: ck_reference_ulps(outputs[i], exact[i]), bound: Self.bound)
          }
        }
      }
    }
  }
}
