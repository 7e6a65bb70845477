import Foundation
import Tabular

/// What Ctrl-C, a request to end (SIGTERM) and a closed terminal (SIGHUP) do.
///
/// They are obeyed within a second whatever is being computed. Where there is no state to keep
/// (``ends(saying:hint:)``) the handler itself removes temporary files, says why, and ends the
/// process. Where there is one (``asks(saying:hint:)``) the signal is noted, and the work, which
/// looks with ``check(_:hint:)``, keeps its state; where it has not looked in time, because a single
/// step takes long, the process is ended all the same. The second signal ends the process in any
/// case. No thread is needed for it.
enum Interruption {
  private static let requests = [SIGINT, SIGTERM, SIGHUP]

  /// Takes the signals over, as the first thing that the program does.
  static func install() {
    _ = SignalState.shared
    for number in requests {
      var former = sigaction()
      sigaction(number, nil, &former)
      // What nohup asks for stays.
      let isIgnored = unsafeBitCast(former.__sigaction_handler.sa_handler, to: Int.self) == 1
      if number == SIGHUP && isIgnored { continue }
      handle(number, handleRequest)
    }
    handle(SIGALRM, handleAlarm)
    for number in [SIGABRT, SIGILL, SIGTRAP] { handle(number, handleCrash) }
    unblock(requests + [SIGALRM])
  }

  /// A parent that blocks signals passes that on, and a handler would never be called.
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
    // A second one comes through while the first is handled.
    sigemptyset(&action.sa_mask)
    sigaction(number, &action, nil)
  }

  /// From here on a signal ends the process at once; one that has come before ends it here.
  ///
  /// - Parameters:
  ///   - undone: what does not exist then; nil to say nothing.
  ///   - hint: how to go on.
  static func ends(saying undone: String?, hint: String? = nil) throws(CommandFailure) {
    SignalState.shared.setWords(undone.map { words($0, hint) } ?? "")
    SignalState.shared.effect.store(SignalState.Effect.ends.rawValue, ordering: .releasing)
    try check(undone ?? "", hint: hint)
  }

  /// From here on a signal is noted, and waits for ``check(_:hint:)``; where that does not come in time,
  /// the process ends with these words.
  static func asks(saying undone: String, hint: String? = nil) {
    SignalState.shared.setWords(words(undone, hint))
    SignalState.shared.effect.store(SignalState.Effect.asks.rawValue, ordering: .releasing)
  }

  /// From here on a signal is noted: what is being done is short, and must not be left half done.
  static func waits() {
    SignalState.shared.effect.store(SignalState.Effect.waits.rawValue, ordering: .releasing)
    SignalState.shared.setAlarm(false)
  }

  /// Whether a signal has come. Who sees it has to end the work, and has the time for that.
  static var isRequested: Bool {
    guard SignalState.shared.noted.load(ordering: .relaxed) != 0 else { return false }
    SignalState.shared.setAlarm(false)
    return true
  }

  /// Throws once a signal has come.
  static func check(
    _ undone: @autoclosure () -> String, hint: @autoclosure () -> String? = nil
  ) throws(CommandFailure) {
    guard isRequested else { return }
    let number = SignalState.shared.noted.load(ordering: .relaxed)
    let undone = undone()
    throw CommandFailure(
      .signal(number), undone.isEmpty ? "interrupted" : "interrupted: \(undone)", hint: hint())
  }

  /// Has a temporary file, or a folder if it is empty, removed where a signal ends the process.
  static func removing(_ path: String) { SignalState.shared.add(path) }
  /// The file has gone, or is to stay.
  static func keeping(_ path: String) { SignalState.shared.forget(path) }

  private static func words(_ undone: String, _ hint: String?) -> String {
    (StandardError.isTerminal ? "\r\u{1B}[K" : "")
      + "tabgan: interrupted: \(VisibleText.line(undone))\n"
      + (hint.map { "  hint: \(VisibleText.line($0))\n" } ?? "")
  }
}
