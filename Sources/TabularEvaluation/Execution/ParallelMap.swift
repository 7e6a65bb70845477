import Dispatch
import Synchronization

/// `body(0), ..., body(count - 1)`, computed by up to `threads` threads that draw the next index
/// from a common ticket.
///
/// The result does not depend on `threads`, as each index is worked on by one call alone.
package func parallelMap<T: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> T
) -> [T] {
  let workers = min(max(threads, 1), count)
  if workers <= 1 { return (0..<count).map(body) }
  return [T](unsafeUninitializedCapacity: count) { buffer, initialized in
    nonisolated(unsafe) let slots = buffer
    let ticket = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = ticket.wrappingAdd(1, ordering: .relaxed).oldValue
        if index >= count { return }
        (slots.baseAddress! + index).initialize(to: body(index))
      }
    }
    initialized = count
  }
}
