// SPDX-License-Identifier: Apache-2.0

import NumericCore
import Testing

/// Sessions in which a context's threads stand by.
@Suite struct TeamTests {
  private struct Stop: Error, Equatable { var code: Int }

  /// Forward and backward at sizes that one, a few and all threads are used for, one call after
  /// the other, so that a share that is missed or done twice shows up in what follows.
  private func chain(_ context: ComputeContext) throws -> [Float] {
    var values: [Float] = []
    for rows in [3, 64, 257] {
      let width = 96
      let x = try Matrix(rows: rows, columns: width)
      let w = try Matrix(rows: width, columns: width)
      try context.fillNormal(
        x, mean: 0, deviation: 1, random: RandomStream(seed: 1, purpose: 1, step: 0))
      try context.fillNormal(
        w, mean: 0, deviation: 0.1, random: RandomStream(seed: 1, purpose: 2, step: 0))
      let packed = try PackedWeights(rows: width, columns: width, in: context)
      try packed.update(from: w, in: context)
      let (h, dx) = (try Matrix(rows: rows, columns: width), try Matrix(rows: rows, columns: width))
      let dw = try Matrix(rows: width, columns: width)
      for _ in 0..<20 {
        try context.denseForward(x, weights: packed, bias: nil, activation: .tanh, into: h)
        try context.denseBackwardData(
          h, weights: packed, inputOutput: x, inputActivation: .tanh, into: dx)
        try context.denseBackwardWeights(
          h, input: dx, weightGradient: dw, biasGradient: nil, accumulate: false)
        try packed.update(from: w, in: context)
        x.copy(from: h)
      }
      for matrix in [h, dx, dw] {
        for row in 0..<matrix.rows {
          for column in 0..<matrix.columns { values.append(matrix[row, column]) }
        }
      }
    }
    return values
  }

  @Test(arguments: [1, 2, 3, 8]) func sameBits(threads: Int) throws {
    let alone = try chain(ComputeContext(threads: 1))
    #expect(alone.contains { $0 != 0 } && alone.allSatisfy(\.isFinite))
    let context = try ComputeContext(threads: threads)
    #expect(try chain(context) == alone)
    #expect(try context.withTeam { try chain(context) } == alone)
    // A session in a session goes on with the same team, and another can follow.
    let nested = try context.withTeam { try context.withTeam { try chain(context) } }
    #expect(nested == alone)
  }

  /// Every item once, whatever the parts, and parts that begin where they may.
  @Test(arguments: [1, 2, 3, 8], [0, 1, 15, 16, 1000]) func sharedLoop(threads: Int, count: Int)
    throws
  {
    let context = try ComputeContext(threads: threads)
    for grain in [1, 16] {
      let visits = try Matrix(rows: max(count, 1), columns: 1)
      context.withTeam {
        context.share(count, grain: grain, nanoseconds: 1e6) { part in
          for item in part { visits[item, 0] += part.lowerBound % grain == 0 ? 1 : 100 }
        }
      }
      #expect(visits.toArray() == (0..<max(count, 1)).map { $0 < count ? 1 : 0 })
    }
  }

  @Test func errorsComeThrough() throws {
    let context = try ComputeContext(threads: 2)
    #expect(throws: Stop(code: 7)) {
      try context.withTeam { () throws(Stop) in throw Stop(code: 7) }
    }
    #expect(context.withTeam { 5 } == 5)
  }

  /// Threads of several contexts, each with a session of its own, do not mix their work up.
  @Test func sessionsSideBySide() async throws {
    let alone = try chain(ComputeContext(threads: 1))
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let context = try ComputeContext(threads: 2)
          return try context.withTeam { try chain(context) } == alone
        }
      }
      for try await same in group { #expect(same) }
    }
  }
}
