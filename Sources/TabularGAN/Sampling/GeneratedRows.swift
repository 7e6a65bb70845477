// SPDX-License-Identifier: Apache-2.0

import NumericCore
import WorkSharing

/// Encoded rows of a finished generator, made by several threads.
final class GeneratedRows {
  private let generator: GeneratorInference
  private let conditions: ConditionFrequencies?
  private let seed: UInt64
  private let workers: [Worker]

  /// Rows of one call of the networks.
  private static let block = 512

  /// What a thread has of its own.
  private struct Worker: @unchecked Sendable {
    let context: ComputeContext
    let workspace: GeneratorInference.Workspace
  }

  init(
    _ generator: Generator, noiseWidth: Int, conditions: ConditionFrequencies?, seed: UInt64,
    in context: ComputeContext
  ) throws {
    self.generator = try GeneratorInference(generator, noiseWidth: noiseWidth, in: context)
    self.conditions = conditions
    self.seed = seed
    var workers: [Worker] = []
    for _ in 0..<context.threads {
      workers.append(
        Worker(
          context: try ComputeContext(threads: 1, instructionSet: context.instructionSet),
          workspace: try self.generator.workspace(rows: Self.block)))
    }
    self.workers = workers
  }

  /// Writes the rows of these numbers. O(rows x weights).
  func write(_ numbers: Range<Int>, into rows: Matrix) throws {
    nonisolated(unsafe) let rows = rows
    let (generator, conditions, seed, workers) = (generator, conditions, seed, workers)
    let results = parallelMap(workers.count, threads: workers.count) { index in
      Result {
        // Worker w takes blocks w, w + workers, and so on.
        let firsts = stride(
          from: numbers.lowerBound + index * Self.block, to: numbers.upperBound,
          by: workers.count * Self.block)
        for first in firsts {
          let members = first..<min(first + Self.block, numbers.upperBound)
          try generator.write(
            Array(members), candidate: 0, conditions: conditions, seed: seed,
            into: rows[
              rows: members.lowerBound - numbers.lowerBound..<members.upperBound
                - numbers.lowerBound],
            workspace: workers[index].workspace, in: workers[index].context)
        }
      }
    }
    for result in results { try result.get() }
  }
}
