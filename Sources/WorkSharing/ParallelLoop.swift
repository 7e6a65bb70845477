// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Calls `body(0), ..., body(count - 1)` once each on at most `threads` threads, and returns when
/// all calls have returned.
///
/// The calling thread takes part: with one thread or one index, the loop runs in place. The other
/// threads are created for this call and take the next index from a shared counter. If the system
/// cannot create a thread (a limit on processes, no memory for a stack), fewer take part; the loop
/// never waits for one. The assignment of indices to threads is unspecified, so a result must not
/// depend on it. Starting a thread costs about 20 microseconds, so shorter loops should stay
/// serial.
///
/// - Parameter threads: values below 1 count as 1.
public func parallelFor(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
  parallelFor(count, threads: threads, starting: ParallelLoop.thread, body)
}

/// Returns `[body(0), ..., body(count - 1)]`, computed like ``parallelFor(_:threads:_:)``.
public func parallelMap<Value: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  if threads <= 1 || count <= 1 { return (0..<max(count, 0)).map(body) }
  return [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
    // Each index has its own slot.
    nonisolated(unsafe) let slots = buffer.baseAddress!
    parallelFor(count, threads: threads) { (slots + $0).initialize(to: body($0)) }
    initialized = count
  }
}

/// The loop with a custom way to start threads; `start` returns nil if it cannot.
package func parallelFor(
  _ count: Int, threads: Int, starting start: (ParallelLoop) -> pthread_t?,
  _ body: @Sendable (Int) -> Void
) {
  withoutActuallyEscaping(body) { body in
    let loop = ParallelLoop(count: count, body: body)
    var others: [pthread_t] = []
    while others.count + 1 < min(threads, count), let thread = start(loop) {
      others.append(thread)
    }
    loop.work()
    for thread in others { pthread_join(thread, nil) }
  }
}

/// A loop that several threads share.
package final class ParallelLoop: Sendable {
  private let count: Int
  private let body: @Sendable (Int) -> Void
  private let next = Atomic<Int>(0)

  init(count: Int, body: @escaping @Sendable (Int) -> Void) {
    self.count = count
    self.body = body
  }

  /// Processes indices until none remain.
  package func work() {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count { return }
      body(index)
    }
  }

  /// Starts a thread that works on `loop`; nil if the system cannot create one.
  static func thread(_ loop: ParallelLoop) -> pthread_t? { startThread(loop.work) }
}
