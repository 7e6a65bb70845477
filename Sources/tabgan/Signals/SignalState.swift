// SPDX-License-Identifier: Apache-2.0

import CMemoryWatch
import Foundation
import Synchronization

/// The state of the signal handlers.
///
/// A handler may run at any time on any thread. The state therefore consists of atomics and memory
/// that is never freed, and handlers only call functions listed in signal-safety(7). It is global
/// because handlers are.
final class SignalState: Sendable {
  /// The effect of a termination request.
  enum Effect: Int32 {
    /// Ends the process at once.
    case exit
    /// Is recorded, and ends the process if it is not polled in time.
    case record
    /// Is recorded only.
    case wait
  }

  static let shared = SignalState()

  /// Seconds within which the work must poll, so that a request takes effect within one second.
  private static let pollingSeconds = 0.7
  /// Limit on the length of the message in bytes.
  private static let maxMessageBytes = 4096

  let effect = Atomic<Int32>(Effect.exit.rawValue)
  /// The first recorded signal, or 0.
  let received = Atomic<Int32>(0)
  /// Two NUL-terminated message buffers; one is used while the other is written.
  private let messages = (0..<2).map { _ in
    Pointer(UnsafeMutablePointer<CChar>.allocate(capacity: SignalState.maxMessageBytes))
  }
  private let shown = Atomic<Int>(0)
  /// Paths to remove when the process ends: temporary files, and folders if they are empty.
  private let paths: [Path]

  struct Pointer: @unchecked Sendable {
    let characters: UnsafeMutablePointer<CChar>
    init(_ characters: UnsafeMutablePointer<CChar>) { self.characters = characters }
  }

  /// A slot for a path: its address, or 0.
  final class Path: Sendable {
    let address = Atomic<UInt>(0)

    var text: UnsafeMutablePointer<CChar>? {
      UnsafeMutablePointer(bitPattern: address.load(ordering: .acquiring))
    }
  }

  private init() {
    paths = (0..<64).map { _ in Path() }
    for buffer in messages { buffer.characters.update(repeating: 0, count: Self.maxMessageBytes) }
  }

  // MARK: Outside of handlers

  /// Sets the message for when the process ends at once; "" for none.
  func setMessage(_ text: String) {
    let next = 1 - shown.load(ordering: .relaxed)
    let buffer = messages[next].characters
    var slot = 0
    for byte in text.utf8.prefix(Self.maxMessageBytes - 1) {
      buffer[slot] = CChar(bitPattern: byte)
      slot += 1
    }
    buffer[slot] = 0
    shown.store(next, ordering: .releasing)
  }

  /// Registers `path` for removal when the process ends at once.
  func add(_ path: String) {
    // Never freed: a handler may be reading it.
    let text = UInt(bitPattern: strdup(path))
    for slot in paths
    where slot.address.compareExchange(expected: 0, desired: text, ordering: .releasing).exchanged {
      return
    }
  }

  func forget(_ path: String) {
    for slot in paths {
      if let text = slot.text, strcmp(text, path) == 0 {
        slot.address.store(0, ordering: .releasing)
        return
      }
    }
  }

  /// Starts or stops the timer for polling.
  func setAlarm(_ isOn: Bool) {
    var timer = itimerval()
    if isOn { timer.it_value.tv_usec = suseconds_t(Self.pollingSeconds * 1e6) }
    setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
  }

  // MARK: In handlers

  /// Removes the registered paths.
  func removeFiles() {
    for slot in paths { if let path = slot.text { unlink(path) } }
    // A folder is empty only once its files are gone.
    for slot in paths { if let path = slot.text { rmdir(path) } }
  }

  /// Removes the registered paths and writes the message.
  func cleanUpAndWriteMessage() {
    removeFiles()
    let text = messages[shown.load(ordering: .acquiring)].characters
    let count = strlen(text)
    if count > 0 { _ = Foundation.write(STDERR_FILENO, text, count) }
  }
}

/// Handles a termination request.
func handleRequest(_ number: Int32) {
  let state = SignalState.shared
  let isFirst = state.received.exchange(number, ordering: .relaxed) == 0
  if isFirst, state.effect.load(ordering: .acquiring) == SignalState.Effect.wait.rawValue {
    return
  }
  if isFirst, state.effect.load(ordering: .acquiring) == SignalState.Effect.record.rawValue {
    state.setAlarm(true)
    return
  }
  state.cleanUpAndWriteMessage()
  endProcess(by: number)
}

/// Handles the timer: the work has not polled in time.
func handleAlarm(_: Int32) {
  let state = SignalState.shared
  state.cleanUpAndWriteMessage()
  endProcess(by: state.received.load(ordering: .relaxed))
}

/// Handles a trap or abort. If memory was refused before, that is the cause, since Swift's runtime
/// aborts then. Otherwise the signal has its default effect.
func handleCrash(_ number: Int32) {
  guard cm_refused_bytes() > 0 else {
    signal(number, SIG_DFL)
    raise(number)
    return
  }
  SignalState.shared.removeFiles()
  writeWithoutAllocating(
    "tabgan: not enough memory: ", cm_refused_bytes(), " more bytes were refused\n")
  writeWithoutAllocating(
    "  hint: free memory or raise its limit (ulimit -v, the container's), or ask for less: ")
  writeWithoutAllocating("fewer rows, a smaller network (--set), a smaller --batch-size\n")
  _exit(ExitStatus.outOfMemory.code)
}

/// Writes text, a number and text to standard error without allocating memory.
private func writeWithoutAllocating(
  _ text: StaticString, _ number: Int? = nil, _ rest: StaticString = ""
) {
  _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  guard let number else { return }
  withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
    var (value, first) = (number, 20)
    repeat {
      first -= 1
      digits[first] = UInt8(0x30 + value % 10)
      value /= 10
    } while value > 0
    _ = Foundation.write(STDERR_FILENO, digits.baseAddress! + first, 20 - first)
  }
  _ = Foundation.write(STDERR_FILENO, rest.utf8Start, rest.utf8CodeUnitCount)
}

/// Ends the process as the signal's default action does, even if it is the first process of a
/// container, which ignores signals by default.
private func endProcess(by number: Int32) {
  if getpid() == 1 { _exit(128 + number) }
  signal(number, SIG_DFL)
  var mask = sigset_t()
  sigemptyset(&mask)
  sigaddset(&mask, number)
  pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  raise(number)
  _exit(128 + number)
}
