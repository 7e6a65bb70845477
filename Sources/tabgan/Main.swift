// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Tabular

/// Where every error ends: one line that says what is wrong, a hint, and an exit status.
@main
enum Main {
  static func main() {
    openStandardDescriptors()
    Interruption.install()
    Environment.clear()
    // `tabgan generate ... | head` ends silently, as usual on Unix, whatever the parent has set.
    signal(SIGPIPE, SIG_DFL)
    do {
      var command = try Tabgan.parseAsRoot()
      try command.run()
    } catch let error where isOfArgumentParser(error) {
      let (text, code) = (
        VisibleText.lines(Tabgan.fullMessage(for: error)), Tabgan.exitCode(for: error)
      )
      if code == .success { print(text) } else { StandardError.write(text + "\n") }
      exit(code.rawValue)
    } catch {
      let failure = CommandFailure(error)
      StandardError.show("tabgan: \(failure.message)")
      if let hint = failure.hint { StandardError.show("  hint: \(hint)") }
      exit(failure.status.code)
    }
  }

  /// Replaces closed standard descriptors by ones that still fail when used. Otherwise the next
  /// opened file would get the number, and messages would be written to it.
  private static func openStandardDescriptors() {
    for (descriptor, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ] where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", mode)
    }
  }

  /// Whether the argument parser made this error (a wrong option, `--help`) and so can explain it.
  private static func isOfArgumentParser(_ error: any Error) -> Bool {
    error is CleanExit || error is ExitCode || error is ValidationError
      || Tabgan.exitCode(for: error) != .failure
  }
}
