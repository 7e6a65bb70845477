// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A thread that consumes elements in the order in which they are sent, while the sender makes the
/// next ones.
///
/// It serves a consumer that wants to pull what a producer pushes, such as a library that writes a
/// file from a stream of blocks. A producer that is faster waits, so that only a few elements are
/// held. Released without ``finish()``, it cancels the consumer and waits for it.
package final class BackgroundConsumer<Element: Sendable, Value: Sendable> {
  /// The producer has gone without an end.
  package struct Cancelled: Error {}

  private let channel: Channel<Element, Value>
  private var thread: pthread_t?

  /// Starts the thread; nil if the system cannot create one.
  ///
  /// - Parameters:
  ///   - capacity: elements that may wait, at least 1.
  ///   - consume: gets a function that waits for the next element, and returns nil at the end; what
  ///     it returns is the value of ``finish()``. It may return before the end.
  package init?(
    capacity: Int,
    _ consume: @escaping @Sendable (_ next: () throws(Cancelled) -> Element?) -> Value
  ) {
    let channel = Channel<Element, Value>(capacity: capacity)
    self.channel = channel
    let thread = startThread {
      channel.end(
        with: consume { () throws(Cancelled) in
          guard channel.waitForElement() else { throw Cancelled() }
          return channel.take()
        })
    }
    guard let thread else { return nil }
    self.thread = thread
  }

  deinit {
    channel.cancel()
    join()
  }

  /// Sends an element, and waits while too many are waiting. Returns false once the consumer has
  /// returned: its value, from ``finish()``, says why.
  package func send(_ element: Element) -> Bool { channel.send(element) }

  /// Ends the elements, waits for the consumer and returns its value.
  package func finish() -> Value {
    channel.close()
    join()
    return channel.result
  }

  private func join() {
    if let thread { pthread_join(thread, nil) }
    thread = nil
  }
}

/// What both threads share.
private final class Channel<Element: Sendable, Value: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private let capacity: Int
  // Guarded by the condition.
  private var waiting: [Element] = []
  private var isClosed = false
  private var isCancelled = false
  private var value: Value?

  init(capacity: Int) { self.capacity = capacity }

  private func locked<Result>(_ body: () -> Result) -> Result {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    return body()
  }

  // MARK: The producer

  func send(_ element: Element) -> Bool {
    locked {
      while waiting.count >= capacity && value == nil { condition.wait() }
      guard value == nil else { return false }
      waiting.append(element)
      return true
    }
  }

  func close() { locked { isClosed = true } }
  func cancel() { locked { isCancelled = true } }

  /// The consumer's value; it must have returned.
  var result: Value { locked { value! } }

  // MARK: The consumer

  /// Waits for an element or the end; false if there will be none because the producer has gone.
  func waitForElement() -> Bool {
    locked {
      while waiting.isEmpty && !isClosed && !isCancelled { condition.wait() }
      return !isCancelled || isClosed
    }
  }

  /// The next element; nil at the end.
  func take() -> Element? { locked { waiting.isEmpty ? nil : waiting.removeFirst() } }

  func end(with value: Value) {
    locked {
      self.value = value
      waiting = []
    }
  }
}
