import Foundation

/// Results of work that threads do side by side, each set once, in their order.
final class Slots<Value: Sendable>: @unchecked Sendable {
  private var slots: [Value?]
  private let lock = NSLock()

  init(count: Int) { slots = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ value: Value) { lock.withLock { slots[index] = value } }

  /// All values, when every one has been set.
  var all: [Value] { lock.withLock { slots.compactMap(\.self) } }
}
