// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tabular

/// Handles Ctrl-C, termination requests (SIGTERM) and closed terminals (SIGHUP).
///
/// Signals take effect within a second, whatever is being computed. If there is no state to save
/// (``exitOnSignal(message:hint:)``), the handler removes temporary files, prints a message and
/// ends the process. Otherwise (``recordSignal(message:hint:)``) the signal is recorded, and the
/// work, which polls with ``check(_:hint:)``, saves its state. If it does not poll in time because
/// a single step is long, the process ends anyway. A second signal always ends the process. No
/// extra thread is needed.
enum Interruption {
  private static let requests = [SIGINT, SIGTERM, SIGHUP]

  /// Installs the signal handlers; called first in the program.
  static func install() {
    _ = SignalState.shared
    for number in requests {
      var former = sigaction()
      sigaction(number, nil, &former)
      // A SIGHUP ignored by nohup stays ignored.
      let isIgnored = unsafeBitCast(former.__sigaction_handler.sa_handler, to: Int.self) == 1
      if number == SIGHUP && isIgnored { continue }
      handle(number, handleRequest)
    }
    handle(SIGALRM, handleAlarm)
    for number in [SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS] { handle(number, handleCrash) }
    unblock(requests + [SIGALRM])
  }

  /// Blocked signals are inherited from the parent, and handlers would never be called.
  private static func unblock(_ numbers: [Int32]) {
    var mask = sigset_t()
    sigemptyset(&mask)
    for number in numbers { sigaddset(&mask, number) }
    pthread_sigmask(SIG_UNBLOCK, &mask, nil)
  }

  private static func handle(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    // A second signal is delivered while the first is handled.
    sigemptyset(&action.sa_mask)
    sigaction(number, &action, nil)
  }

  /// From now on, a signal ends the process at once; an earlier pending one ends it here.
  ///
  /// - Parameters:
  ///   - incomplete: the message on what was not completed; nil for none.
  ///   - hint: how to continue.
  static func exitOnSignal(message incomplete: String?, hint: String? = nil) throws(CommandFailure)
  {
    SignalState.shared.setMessage(incomplete.map { message($0, hint) } ?? "")
    SignalState.shared.effect.store(SignalState.Effect.exit.rawValue, ordering: .releasing)
    try check(incomplete ?? "", hint: hint)
  }

  /// From now on, a signal is recorded until ``check(_:hint:)`` is called; if that takes too long,
  /// the process ends with this message.
  static func recordSignal(message incomplete: String, hint: String? = nil) {
    SignalState.shared.setMessage(message(incomplete, hint))
    SignalState.shared.effect.store(SignalState.Effect.record.rawValue, ordering: .releasing)
  }

  /// From now on, a signal is only recorded, for a short operation that must not be interrupted.
  static func deferSignals() {
    SignalState.shared.effect.store(SignalState.Effect.wait.rawValue, ordering: .releasing)
    SignalState.shared.setAlarm(false)
  }

  /// Whether a signal has arrived. The caller must then stop, but has time to do so.
  static var isRequested: Bool {
    guard SignalState.shared.received.load(ordering: .relaxed) != 0 else { return false }
    SignalState.shared.setAlarm(false)
    return true
  }

  /// Throws if a signal has arrived.
  static func check(
    _ incomplete: @autoclosure () -> String, hint: @autoclosure () -> String? = nil
  ) throws(CommandFailure) {
    guard isRequested else { return }
    let number = SignalState.shared.received.load(ordering: .relaxed)
    let incomplete = incomplete()
    throw CommandFailure(
      .signal(number), incomplete.isEmpty ? "interrupted" : "interrupted: \(incomplete)",
      hint: hint())
  }

  /// Registers a temporary file, or a folder to be removed if empty, for removal when a signal ends
  /// the process.
  static func removing(_ path: String) { SignalState.shared.add(path) }
  /// Unregisters a path that no longer exists or must be kept.
  static func keeping(_ path: String) { SignalState.shared.forget(path) }

  private static func message(_ incomplete: String, _ hint: String?) -> String {
    (StandardError.isTerminal ? "\r\u{1B}[K" : "")
      + "tabgan: interrupted: \(VisibleText.line(incomplete))\n"
      + (hint.map { "  hint: \(VisibleText.line($0))\n" } ?? "")
  }
}
