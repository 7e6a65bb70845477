import Dispatch
import Foundation
import Synchronization

/// Notices Ctrl-C (and a request to end) while there is something to clean up.
///
/// As long as a value is held, SIGINT, SIGTERM and SIGHUP set a mark that ``check()`` turns into an
/// error, so that writers remove their temporary files on the way out. A second signal ends the
/// process at once. Where none is held the signals end the process as always.
final class Interruption {
  private final class Mark: Sendable {
    let signal = Atomic<Int32>(0)
  }
  private let mark = Mark()
  private let sources: [any DispatchSourceSignal]
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// Begins to watch.
  ///
  /// - Parameter keepsFiles: whether a closed standard error or output must not end the process at
  ///   once, because a temporary file would be left behind.
  init(keepsFiles: Bool = true) {
    if keepsFiles { Foundation.signal(SIGPIPE, SIG_IGN) }
    sources = Self.signals.map { [mark] number in
      Foundation.signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let first = mark.signal.exchange(number, ordering: .relaxed) == 0
        if !first {
          Foundation.signal(number, SIG_DFL)
          raise(number)
        }
      }
      source.resume()
      return source
    }
  }

  deinit {
    for (number, source) in zip(Self.signals, sources) {
      source.cancel()
      signal(number, SIG_DFL)
    }
    signal(SIGPIPE, SIG_DFL)
  }

  /// Whether a signal has come.
  var isRequested: Bool { mark.signal.load(ordering: .relaxed) != 0 }

  /// Throws once a signal has come.
  ///
  /// `undone` tells what does not exist now, `hint` how to go on.
  func check(_ undone: @autoclosure () -> String, hint: String? = nil) throws(CommandFailure) {
    let number = mark.signal.load(ordering: .relaxed)
    guard number != 0 else { return }
    throw CommandFailure(.signal(number), "interrupted: \(undone())", hint: hint)
  }
}
