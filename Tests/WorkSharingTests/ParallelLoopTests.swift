// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing
import WorkSharing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Parallel loops")
struct ParallelLoopTests {
  @Test(
    "Each index is processed once, for any count and number of threads",
    arguments: [0, 1, 2, 3, 7, 1000], [-1, 0, 1, 2, 3, 16])
  func once(count: Int, threads: Int) {
    let visits = (0..<count).map { _ in Visits() }
    parallelFor(count, threads: threads) { visits[$0].add() }
    #expect(
      visits.allSatisfy { $0.count == 1 }, "\(count) indices, \(threads) threads")
    #expect(
      parallelMap(count, threads: threads) { "\($0)" } == (0..<count).map { "\($0)" },
      "\(count) indices, \(threads) threads")
  }

  @Test("One thread and one index run in place", arguments: [(5, 1), (1, 8), (5, 0)])
  func inPlace(count: Int, threads: Int) {
    let caller = pthread_self()
    let elsewhere = parallelMap(count, threads: threads) { _ in pthread_self() != caller }
    #expect(!elsewhere.contains(true), "\(count) indices, \(threads) threads")
  }

  @Test("Threads are used: two indices wait for each other")
  func sideBySide() {
    let arrived = Visits()
    parallelFor(2, threads: 2) { _ in
      arrived.add()
      while arrived.count < 2 { sched_yield() }
    }
    #expect(arrived.count == 2)
  }

  @Test("If no thread can be created, the caller does all the work", arguments: [1, 3, 100])
  func withoutThreads(count: Int) {
    let visits = (0..<count).map { _ in Visits() }
    let caller = pthread_self()
    let tries = Visits()
    let elsewhere = Visits()
    parallelFor(
      count, threads: 8,
      starting: { _ in
        tries.add()
        return nil
      },
      { index in
        visits[index].add()
        if pthread_self() != caller { elsewhere.add() }
      })
    #expect(visits.allSatisfy { $0.count == 1 } && elsewhere.count == 0, "\(count) indices")
    // One failure is enough: no other thread is tried.
    #expect(tries.count == (count > 1 ? 1 : 0), "\(count) indices")
  }

  @Test("Loops may be nested")
  func nested() {
    let sums = parallelMap(6, threads: 3) { outer in
      parallelMap(50, threads: 3) { outer * $0 }.reduce(0, +)
    }
    #expect(sums == (0..<6).map { $0 * 1225 })
  }

  @Test("There is at least one processor")
  func processors() { #expect(usableProcessors() >= 1) }
}

/// A counter for any thread.
private final class Visits: Sendable {
  private let value = Atomic<Int>(0)
  var count: Int { value.load(ordering: .acquiring) }
  func add() { value.wrappingAdd(1, ordering: .acquiringAndReleasing) }
}
