import Foundation
import Synchronization

/// Notices Ctrl-C (and a request to end) while there is something to clean up.
///
/// As long as a value is held, SIGINT, SIGTERM and SIGHUP set a mark that ``check()`` turns into an
/// error, so that writers remove their temporary files on the way out. A second signal ends the
/// process at once, as one does where no value is held. No thread is needed for any of it.
final class Interruption {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]
  private let keepsFiles: Bool

  /// Begins to watch.
  ///
  /// - Parameter keepsFiles: whether a closed standard error or output must not end the process at
  ///   once, because a temporary file would be left behind.
  init(keepsFiles: Bool = true) {
    self.keepsFiles = keepsFiles
    if keepsFiles { signal(SIGPIPE, SIG_IGN) }
    firstSignal.store(0, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = noteSignal
    action.sa_flags = Int32(SA_RESTART)
    for number in Self.signals { sigaction(number, &action, nil) }
  }

  deinit {
    for number in Self.signals { signal(number, SIG_DFL) }
    if keepsFiles { signal(SIGPIPE, SIG_DFL) }
  }

  /// Whether a signal has come.
  var isRequested: Bool { firstSignal.load(ordering: .relaxed) != 0 }

  /// Throws once a signal has come.
  ///
  /// `undone` tells what does not exist now, `hint` how to go on.
  func check(_ undone: @autoclosure () -> String, hint: String? = nil) throws(CommandFailure) {
    let number = firstSignal.load(ordering: .relaxed)
    guard number != 0 else { return }
    throw CommandFailure(.signal(number), "interrupted: \(undone())", hint: hint)
  }
}

/// The first signal that has come, or 0: a handler can reach nothing but what is global.
private let firstSignal = Atomic<Int32>(0)

/// Notes the first signal; the second has its default effect. Calls nothing that a handler must not.
private func noteSignal(_ number: Int32) {
  guard firstSignal.exchange(number, ordering: .relaxed) != 0 else { return }
  signal(number, SIG_DFL)
  raise(number)
}
